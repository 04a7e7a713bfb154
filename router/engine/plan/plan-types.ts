import type { GraphQLSchema } from 'graphql';
import type { EntityKeys, FieldNeeds } from '../entity-keys.ts';
import type { FetchCaching } from '../fetch-cache.ts';

/** What compiling a plan needs to know of the supergraph. */
export interface PlanTypes {
  /** The full schema, `@inaccessible` types included: subgraph data is typed by it. */
  readonly schema: GraphQLSchema;
  /** Where a subgraph has an `@interfaceObject`, its objects come with one of these as their `__typename`. */
  readonly interfaces: ReadonlySet<string>;
  /** `fetchKey`s that occur more than once in the plan; none in a mutation, whose fields change what is fetched. */
  readonly repeatedFetches: ReadonlySet<string>;
  readonly hasContext: boolean;
  readonly entityKeys: ReadonlyMap<string, EntityKeys>;
  readonly fieldNeeds: ReadonlyMap<string, FieldNeeds>;
  /** Of queries only: a mutation's answer and a subscription's event are never kept, nor completed with what was. */
  readonly caching: FetchCaching | undefined;
}
