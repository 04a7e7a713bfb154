import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { type Composition, composeFile } from '../router/compose/index.ts';

export const SUPERGRAPH = 'schema/supergraph.graphql';
/** The public API as it was last accepted: what clients rely on. Moved by `npm run schema:accept` only. */
export const BASELINE = 'schema/api.graphql';

export interface ComposedApi extends Composition {
  readonly api: GraphQLSchema;
  /** Sorted, so that a change shows as that change and nothing else. */
  readonly apiSdl: string;
}

/** Composes `supergraph.yaml` and derives the public API from it. @throws CompositionFailure */
export async function composeApi(): Promise<ComposedApi> {
  const composition = await composeFile('supergraph.yaml');
  const supergraph = Supergraph.build(composition.supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  });
  const api = lexicographicSortSchema(supergraph.apiSchema().toGraphQLJSSchema());
  return { ...composition, api, apiSdl: `${printSchema(api)}\n` };
}
