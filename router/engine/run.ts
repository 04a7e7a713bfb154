import type { GraphQLError } from 'graphql';
import type { Obj } from './own.ts';
import type { SharedFetch } from './plan/shared-fetch.ts';
import type { Span } from './shape/json-writer.ts';
import type { RequestContext, SubgraphTransport } from './types.ts';

export type Path = readonly (string | number)[];

/** A fetch that brought nothing: the response fields it owed get its error, each at its own path. */
export interface FetchFailure {
  /** Where in the response, `@` for any index. */
  readonly at: Path;
  /** Response names the fetch would have set there. */
  readonly fields: ReadonlySet<string>;
  readonly error: { readonly message: string; readonly extensions: Record<string, unknown> };
  /** Located errors made of it so far. */
  reported: number;
  /** The failure this one follows from, if it was never tried. */
  readonly cause?: FetchFailure;
}

/** Objects and lists that are at several places of the response, and where each writer has put them in its JSON. */
export type SharedValues = Map<object, Map<object, Span>>;

/** The state of one execution of one operation. */
export interface Run {
  readonly data: Obj;
  /** As the client sent them: subgraphs apply defaults themselves. */
  readonly variables: Obj;
  /** Coerced, with defaults: what `@skip`, `@include` and `@defer` look at. */
  readonly coerced: Obj;
  readonly context: RequestContext;
  readonly transports: ReadonlyMap<string, SubgraphTransport>;
  readonly errors: GraphQLError[];
  readonly failures: FetchFailure[];
  /** By key, as they come up. */
  readonly sharedFetches: Map<string, SharedFetch>;
  readonly sharedValues: SharedValues;
  /** Set while `@defer` is honoured. */
  readonly deferrals?: Deferrals;
}

/** Takes the deferred parts of a plan. */
export interface Deferrals {
  /** Runs the part once everything it is nested in has been fetched. */
  defer(part: DeferredPart, run: Run): void;
}

export interface DeferredPart {
  /** Of its `@defer`. */
  readonly id: string;
  /** From the root, without list indices, as the planner names fields. */
  readonly queryPath: readonly string[];
  readonly step: (run: Run) => Promise<void> | void;
}

/** A run at its beginning. */
export function newRun(start: Pick<Run, 'variables' | 'coerced' | 'context' | 'transports'>): Run {
  const { variables, coerced, context, transports } = start;
  return {
    data: {},
    variables,
    coerced,
    context,
    transports,
    errors: [],
    failures: [],
    sharedFetches: new Map(),
    sharedValues: new Map(),
  };
}
