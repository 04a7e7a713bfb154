import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bus, tracedBus } from '../bus/index.ts';
import { type Clock, systemClock } from '../clock/index.ts';
import type { Env } from '../config/index.ts';
import { errorFields, type Log } from '../log/index.ts';
import { PLATFORM_TABLES, startPruner } from '../pruning/index.ts';
import type { Mongo, Redis } from '../stores/index.ts';
import { type Databases, migrate, openDatabases, openMongo, openRedis } from '../stores/index.ts';
import type { Meter } from '../telemetry/index.ts';
import type { Commands } from './commands.ts';
import type { Platform, SubgraphDefinition } from './definition.ts';
import { createHost, type SubgraphHost } from './host.ts';
import { type RunningHttpServer, serveHttp } from './http-server.ts';
import { createLifecycle } from './lifecycle.ts';
import { tracedHost } from './traced-host.ts';

export interface StartOptions {
  readonly env: Env;
  readonly log: Log;
  readonly meter: Meter;
  readonly bus: Bus;
  readonly commands: Commands;
  /** @default the system's */
  readonly clock?: Clock;
  /** Connections per database. @default 10 */
  readonly maxConnections?: number;
}

export interface RunningSubgraph<Ports = unknown> {
  readonly name: string;
  readonly host: SubgraphHost;
  readonly ports: Ports;
  readonly platform: Platform;
  ready(): Promise<boolean>;
  /** Serves it over HTTP as well (always in distributed mode; in single mode for webhooks, media and JWKS). */
  listen(options: { port: number; envelopeKey: string; address?: string }): Promise<RunningHttpServer>;
  /** Drains and ends everything that was opened, last opened first. */
  stop(): Promise<void>;
}

const PLATFORM = join(import.meta.dirname, '..');

/** Brings a context's schema up to date in every database it may use. */
async function migrateAll(
  databases: Databases,
  definition: Pick<SubgraphDefinition<never, never>, 'name' | 'root' | 'tables'>,
): Promise<void> {
  const tables = (definition.tables ?? []).map((table) => join(PLATFORM, table, 'sql'));
  const own = (scope: string) =>
    [join(definition.root, 'store/migrations', scope)].filter((folder) => existsSync(folder));
  await Promise.all(
    databases.all.map((database) =>
      migrate(database, definition.name, [
        ...tables,
        ...own(database.region === 'global' ? 'global' : 'regional'),
      ]),
    ),
  );
}

/** The platform a context builds its adapters from; also what seeding and the auditor use. */
export async function openPlatform(
  definition: Pick<SubgraphDefinition<never, never>, 'name' | 'root' | 'tables'>,
  options: StartOptions,
): Promise<{ platform: Platform; close(): Promise<void> }> {
  const { name } = definition;
  const lifecycle = createLifecycle();
  const log = options.log.child({ context: name });
  const usesPostgres =
    existsSync(join(definition.root, 'store/migrations')) || (definition.tables?.length ?? 0) > 0;
  let databases: Databases | undefined;
  let redis: Promise<Redis> | undefined;
  let mongo: Promise<Mongo> | undefined;
  if (usesPostgres) {
    const opened = openDatabases(options.env, name, options.maxConnections);
    lifecycle.add('postgres', () =>
      Promise.all(opened.all.map((database) => database.close())).then(() => {}),
    );
    databases = opened;
    await migrateAll(opened, definition).catch(async (error: unknown) => {
      await lifecycle.stop();
      throw error;
    });
  }
  const required = (variable: string): string => {
    const value = options.env[variable];
    if (!value) throw new Error(`${name} needs ${variable}.`);
    return value;
  };
  const platform: Platform = {
    name,
    env: options.env,
    clock: options.clock ?? systemClock,
    log,
    meter: options.meter,
    bus: tracedBus(options.bus, name),
    commands: options.commands,
    databases() {
      if (!databases) throw new Error(`${name} has no store/migrations, so it has no database.`);
      return databases;
    },
    redis() {
      redis ??= openRedis(required('REDIS_URL'), log).then((client) => {
        lifecycle.add('redis', () => client.close().catch(() => client.destroy()));
        return client;
      });
      return redis;
    },
    mongo() {
      mongo ??= openMongo(required('MONGODB_URL'), name).then((opened) => {
        lifecycle.add('mongo', () => opened.close());
        return opened;
      });
      return mongo;
    },
    onStop: lifecycle.add,
  };
  return {
    platform,
    close: () => lifecycle.stop((stage, error) => log.warn('stop', { stage, ...errorFields(error) })),
  };
}

/** Keeps the tables of what happened from growing for ever. */
function prunerOf<Config, Ports>(
  { tables = [], prunes = [] }: SubgraphDefinition<Config, Ports>,
  { databases, log }: Platform,
): ReturnType<typeof startPruner> | undefined {
  const kept = [...tables.flatMap((table) => (table === 'saga' ? [] : PLATFORM_TABLES[table])), ...prunes];
  return kept.length === 0 ? undefined : startPruner({ databases: databases().all, tables: kept, log });
}

/** Gives a definition life: stores, migrations, ports, background work, events. @throws ConfigError, store errors */
export async function startSubgraph<Config, Ports>(
  definition: SubgraphDefinition<Config, Ports>,
  options: StartOptions,
): Promise<RunningSubgraph<Ports>> {
  const config = definition.config(options.env);
  const { platform, close } = await openPlatform(definition, options);
  const work = createLifecycle();
  const stop = async () => {
    await work.stop((stage, error) => platform.log.warn('stop', { stage, ...errorFields(error) }));
    await close();
  };
  try {
    const ports = await definition.open(platform, config);
    const executing = await createHost({
      root: definition.root,
      resolvers: definition.resolvers,
      ports,
      clock: platform.clock,
      log: platform.log,
    });
    const host = tracedHost(executing, definition.name);
    for (const task of definition.background?.(ports, platform, config) ?? [])
      work.add(task.name, () => task.stop());
    const pruner = prunerOf(definition, platform);
    if (pruner) work.add(pruner.name, () => pruner.stop());
    const { consumes } = definition;
    if (consumes && Object.keys(consumes).length > 0) {
      const consumer = platform.bus.consume(definition.name, async (event) => {
        await consumes[event.type]?.(event, ports, platform);
      });
      work.add('consumer', () => consumer.stop());
    }
    const ready = async () => (definition.ready ? definition.ready(ports).catch(() => false) : true);
    return {
      name: definition.name,
      host,
      ports,
      platform,
      ready,
      async listen({ port, envelopeKey, address }) {
        const server = await serveHttp({
          name: definition.name,
          host,
          envelopeKey,
          routes: definition.routes?.(ports, config) ?? {},
          ready,
          meter: options.meter,
          clock: platform.clock,
          log: platform.log,
          port,
          ...(address && { address }),
        });
        work.add('http', () => server.stop());
        return server;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
