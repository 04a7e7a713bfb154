import type { Clock } from '@aisle/platform/clock';
import type { Caller } from '@aisle/platform/identity';
import type { Log } from '@aisle/platform/log';
import type { OperationHost } from '@aisle/platform/service';
import type { Meter } from '@aisle/platform/telemetry';
import type { JwksSource } from '../auth/index.ts';
import type { OnDenied, Policy } from '../authorisation/index.ts';
import type { CacheSettings, CacheStore, Invalidation } from '../cache/index.ts';
import type { Limits } from '../limits/index.ts';
import type { CallbackSettings } from './callback-endpoint.ts';
import type { Reconfigurable } from './live-settings.ts';
import type { TrafficSettings } from './traffic/settings.ts';
import type { SubgraphsSettings } from './traffic/subgraph-settings.ts';

/** Where the supergraph SDL comes from. A file is read again at each `reload()` without argument. */
export type SupergraphSource = { readonly sdl: string } | { readonly file: string };

/** One demo login the explorer offers in development: an operation to send, and where in its data the access token is. */
export interface DemoLogin {
  readonly label: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Path to the token: `login.tokens.accessToken`. */
  readonly token: string;
}

/** An example operation in the explorer. */
export interface Sample {
  readonly title: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface RouterOptions {
  readonly supergraph: SupergraphSource;
  /** 0 takes any free port. */
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** `production`: no introspection, no suggestions, no explorer, no plan view. */
  readonly mode: 'development' | 'production';
  /** Subgraphs of this process, by name; the others are called over HTTP. */
  readonly hosts?: Readonly<Record<string, OperationHost>>;
  /** Replaces the routing URLs of the supergraph, by subgraph. */
  readonly routingUrls?: Readonly<Record<string, string>>;
  /** How subgraphs are called over HTTP, by name, and `all` for every one. */
  readonly subgraphs?: SubgraphsSettings;
  readonly callback?: CallbackSettings;
  /** Key of the signed caller envelope that goes with each HTTP call; without it none is sent. */
  readonly envelopeKey?: string;
  /** Public keys of access tokens; without it every token is refused. */
  readonly jwks?: JwksSource;
  /** @default 'aisle' */
  readonly issuer?: string;
  /** @default 'aisle' */
  readonly audience?: string;
  readonly resolveApiKey?: (key: string) => Promise<Caller | undefined>;
  readonly isSessionRevoked?: (sessionId: string) => boolean | Promise<boolean>;
  readonly limits?: Partial<Limits>;
  /** The functions behind the graph's `@policy`, by name; a supergraph that names another is refused. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** What becomes of an operation that asks for more than its caller may see: nulls with errors, or a refusal. @default 'null' */
  readonly onDenied?: OnDenied;
  /** De-duplication, rate limit, load shedding. */
  readonly traffic?: TrafficSettings;
  /** A manifest of registered operations; `only` refuses every other. */
  readonly registeredOperations?: { readonly file: string; readonly only?: boolean };
  /** What is kept of the answers of subgraphs, and for how long; nothing without it, or without a `cacheStore`. */
  readonly cache?: CacheSettings;
  /** Where answers are kept. The router closes it. */
  readonly cacheStore?: CacheStore;
  /** Opens `POST /invalidation` to who sends it as `authorization`. */
  readonly invalidationKey?: string;
  /** Browser origins (`https://shop.example`) that may call, `'*'` for all. @default none in production, any loopback origin in development */
  readonly corsOrigins?: readonly string[] | '*';
  readonly demoLogins?: readonly DemoLogin[] | (() => Promise<readonly DemoLogin[]>);
  /** Milliseconds between the moment when readiness turns false and the moment when new work is refused. @default 0; 5000 for `npm run router` in production */
  readonly drainDelay?: number;
  /** Reload when the supergraph file changes. @default false */
  readonly watch?: boolean;
  readonly samples?: readonly Sample[];
  readonly log: Log;
  /** @default the system clock */
  readonly clock?: Clock;
  /** @default a meter of the router's own */
  readonly meter?: Meter;
}

export interface RunningRouter {
  /** `http://host:port/graphql` */
  readonly url: string;
  readonly port: number;
  readonly meter: Meter;
  /**
   * Serves another supergraph without dropping a request; the same source again when none is given.
   * @throws when it is no valid supergraph: the old one goes on being served.
   */
  reload(source?: SupergraphSource): Promise<void>;
  /**
   * Changes what can be changed while it runs; what is left out goes back to its default. Time-outs of connections keep their first values.
   * @throws as `reload`, when the supergraph cannot be served under these: then the old ones stay in force, all of them.
   */
  reconfigure(settings: Reconfigurable): Promise<void>;
  /**
   * What of the kept answers is not to be served any more. `source` is counted.
   * @throws when the store did not take it: do it again
   */
  invalidate(invalidations: readonly Invalidation[], source: string): Promise<void>;
  /** Says that it is not ready, after `drainDelay` refuses new work, waits for running operations (bounded), ends subscriptions with 1001. Idempotent. */
  drain(): Promise<void>;
  /** Drains, then closes every connection and transport. Idempotent. */
  stop(): Promise<void>;
}
