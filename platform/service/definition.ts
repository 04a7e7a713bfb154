import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLResolveInfo } from 'graphql';
import type { AisleEvent, Bus } from '../bus/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Env, z } from '../config/index.ts';
import type { Log } from '../log/index.ts';
import type { Kept } from '../pruning/index.ts';
import type { Databases, Mongo, Redis } from '../stores/index.ts';
import type { Meter } from '../telemetry/index.ts';
import type { Commands } from './commands.ts';
import type { RequestContext } from './operation.ts';

/** What a context is given to build its adapters from. Stores are opened at first use and closed for it, last opened first. */
export interface Platform {
  readonly name: string;
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly bus: Bus;
  readonly commands: Commands;
  /** The context's own schema in every regional database and the global one; migrations have run. */
  databases(): Databases;
  redis(): Promise<Redis>;
  mongo(): Promise<Mongo>;
  /** Registers something to be ended at stop, in reverse order of registration. */
  onStop(name: string, stop: () => Promise<void> | void): void;
}

/** What a resolver sees: who asks, until when, and the context's ports. */
export interface Scope<Ports = unknown> extends RequestContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly ports: Ports;
  /** One instance per operation: `scope.once(key, make)` is where DataLoaders live. */
  once<T>(key: object, make: () => T): T;
}

export type Resolver<Ports> = (
  parent: never,
  args: never,
  scope: Scope<Ports>,
  info: GraphQLResolveInfo,
) => unknown;
// biome-ignore lint/suspicious/noExplicitAny: the generated resolver types are checked where each resolver is written
export type ResolverMap = Record<string, any>;

/** An extra HTTP route of a subgraph (webhooks, JWKS): `GET /.well-known/jwks.json`. The body is read by the handler. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface SubgraphDefinition<Config, Ports> {
  /** The context's name: subgraph, PostgreSQL schema, MongoDB database, Redis prefix, topic and queue. */
  readonly name: string;
  /** The context's folder (`import.meta.dirname`): `schema.graphql` and `store/migrations` are found there. */
  readonly root: string;
  readonly config: (env: Env) => Config;
  /** Which platform tables its PostgreSQL schema holds, before its own migrations. */
  readonly tables?: readonly ('outbox' | 'inbox' | 'idempotency' | 'saga')[];
  /** Which rows of its own tables may go; for the platform's tables that is known. */
  readonly prunes?: readonly Kept[];
  /** Builds the ports. Migrations have run. */
  readonly open: (platform: Platform, config: Config) => Promise<Ports>;
  readonly resolvers: ResolverMap;
  /** Event types it publishes (name and version), each with the schema of its data: the topology and the event check come from these. */
  readonly publishes?: Readonly<Record<string, z.ZodType>>;
  /** Event types it wants (`ProductChanged.v1`) and what it does with each. Must be idempotent (inbox). */
  readonly consumes?: Readonly<
    Record<string, (event: AisleEvent, ports: Ports, platform: Platform) => Promise<void>>
  >;
  /** Long-running work (saga runner, relays, sweepers): started after `open`, stopped first. */
  readonly background?: (
    ports: Ports,
    platform: Platform,
    config: Config,
  ) => ReadonlyArray<{ readonly name: string; stop(): Promise<void> }>;
  readonly routes?: (ports: Ports, config: Config) => Readonly<Record<string, HttpRoute>>;
  /** True when the context's stores answer; part of `/health/ready`. */
  readonly ready?: (ports: Ports) => Promise<boolean>;
}

/** A subgraph is a value. Checks nothing but types; `startSubgraph` gives it life. */
export function defineSubgraph<Config, Ports>(
  definition: SubgraphDefinition<Config, Ports>,
): SubgraphDefinition<Config, Ports> {
  return definition;
}
