import { createHash } from 'node:crypto';
import {
  isInterfaceObjectType,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  type Schema,
  Supergraph,
} from '@apollo/federation-internals';
import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { type AliasRule, aliasRule } from './aliases.ts';
import { breathe } from './breathe.ts';
import { callPaths, type EntityKeys, entityKeys, type FieldNeeds, fieldNeeds } from './entity-keys.ts';
import type { FetchCaching } from './fetch-cache.ts';
import type { Calls } from './plan/restore-calls.ts';
import { QueryPlanner } from './planner.ts';
import { nameRequiredCalls } from './required-calls.ts';

export type Planner = InstanceType<typeof QueryPlanner>;

const DEFER = { incrementalDelivery: { enableDefer: true } };
/** Of the plans of an operation, most often the first is the best: they are sorted by how often they go from subgraph to subgraph. */
const MOST_PLANS_WHEN_QUICK = 10;

export interface LoadedSupergraph {
  /** SHA-256 (hex) of the SDL. */
  readonly id: string;
  readonly sdl: string;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** The API schema as the planner wants it. */
  readonly plannerApiSchema: Schema;
  /** The API schema as everyone else wants it. */
  readonly apiSchema: GraphQLSchema;
  /** With everything `@inaccessible` and the federation machinery: subgraph data is typed by this one. */
  readonly fullSchema: GraphQLSchema;
  readonly entityKeys: ReadonlyMap<string, EntityKeys>;
  readonly fieldNeeds: ReadonlyMap<string, FieldNeeds>;
  readonly interfaces: ReadonlySet<string>;
  /** Those that some subgraph has as an `@interfaceObject`. */
  readonly interfaceObjects: ReadonlySet<string>;
  readonly aliases: AliasRule;
  /** Fields with arguments that others require: the planner knows them by names of their own. */
  readonly calls: Calls;
  readonly planner: Planner;
  /** One that compares few plans; made when it is first needed. */
  readonly quickPlanner: () => Planner;
  /** Labels of progressive `@override`. */
  readonly overrideLabels: readonly string[];
  /** What the supergraph says of one subgraph, as SDL. */
  readonly subgraphSdl: (name: string) => string;
  /** Set when answers of subgraphs are kept. */
  readonly caching?: FetchCaching;
}

/**
 * Reads a Federation 2 supergraph. Features that the router itself has to enforce (`@authenticated`, `@requiresScopes`, `@policy`, …) are accepted here.
 * A reload does this while requests are being served, so that it is done in parts.
 * @throws GraphQLError (or an aggregate of them) when it is no valid supergraph.
 */
export async function loadSupergraph(sdl: string): Promise<LoadedSupergraph> {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  await breathe();
  const apiSchema = supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true });
  await breathe();
  const fullSchema = supergraph.schema.toGraphQLJSSchema();
  await breathe();
  const subgraphs = supergraph.subgraphs();
  await breathe();
  const { sdl: namedSdl, calls } = nameRequiredCalls(sdl);
  const named =
    namedSdl === sdl
      ? supergraph
      : Supergraph.build(namedSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  await breathe();
  const planner = new QueryPlanner(named, DEFER);
  let quick: Planner | undefined;
  await breathe();
  return {
    id: createHash('sha256').update(sdl).digest('hex'),
    sdl,
    subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    plannerApiSchema: named.apiSchema(),
    apiSchema,
    fullSchema,
    interfaces: new Set(
      Object.values(fullSchema.getTypeMap()).flatMap((type) => (isInterfaceType(type) ? [type.name] : [])),
    ),
    interfaceObjects: new Set(
      [...subgraphs].flatMap(({ schema }) =>
        [...schema.objectTypes()].filter(isInterfaceObjectType).map(({ name }) => name),
      ),
    ),
    aliases: aliasRule(fullSchema),
    entityKeys: entityKeys(subgraphs),
    fieldNeeds: fieldNeeds(named.subgraphs()),
    calls: { byName: calls, paths: callPaths(named.subgraphs(), calls) },
    subgraphSdl: (name) => String(subgraphs.get(name)),
    planner,
    quickPlanner: () =>
      (quick ??= new QueryPlanner(named, { ...DEFER, debug: { maxEvaluatedPlans: MOST_PLANS_WHEN_QUICK } })),
    overrideLabels: [
      ...new Set([...sdl.matchAll(/overrideLabel:\s*"([^"]*)"/g)].map((match) => match[1] ?? '')),
    ],
  };
}
