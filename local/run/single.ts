import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import {
  createLifecycle,
  inMemoryTransport,
  type OperationHost,
  type RunningSubgraph,
  startSubgraph,
} from '@aisle/platform/service';
import { createMeter, startTracing } from '@aisle/platform/telemetry';
import { openBus } from './bus.ts';
import { invalidateByEvents } from './cache.ts';
import { commandsOf } from './commands.ts';
import { type Context, loadContexts } from './contexts.ts';
import { startAisleRouter } from './router.ts';

export interface SystemOptions {
  readonly env: Env;
  readonly log: Log;
  readonly port: number;
  /** Addresses that the subgraphs' HTTP sides listen at, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Whether the demo accounts are there for the explorer to sign in as. */
  readonly demo: boolean;
}

export interface System {
  /** The router's GraphQL address. */
  readonly url: string;
  /** A line per part: what runs where. */
  readonly describe: readonly string[];
  /** Finishes what is running, then ends everything. */
  stop(): Promise<void>;
}

/** Everything in this process: the router calls the subgraphs, and these each other, as functions. */
export async function startSingle(options: SystemOptions): Promise<System> {
  const { env, log } = options;
  const lifecycle = createLifecycle();
  const stop = () => lifecycle.stop((stage, error) => log.warn('stop', { stage, error: String(error) }));
  try {
    const tracing = await startTracing({ env, log });
    lifecycle.add('tracing', () => tracing.stop());
    const contexts = await loadContexts();
    const meter = createMeter();
    const bus = await openBus(contexts, { env, log, meter });
    lifecycle.add('bus', () => bus.close());
    const hosts = new Map<string, OperationHost>();
    const transport = inMemoryTransport(hosts);
    const start = async (context: Context): Promise<Started> => {
      const { name, definition } = context;
      const commands = commandsOf(name, { meter, transport });
      const subgraph = await startSubgraph(definition, { env, log, meter, bus, commands });
      lifecycle.add(name, () => subgraph.stop());
      hosts.set(name, subgraph.host);
      return { context, subgraph };
    };
    const started = settled(await Promise.allSettled(contexts.map(start)));
    const lines = await Promise.all(started.map((one) => listen(one, options)));
    const router = await startAisleRouter({
      ...options,
      meter,
      commands: commandsOf('router', { meter, transport }),
      hosts: Object.fromEntries(hosts),
    });
    lifecycle.add('router', () => router.stop());
    const invalidation = invalidateByEvents(bus, router);
    lifecycle.add('cache', () => invalidation.stop());
    return { url: router.url, describe: lines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Started {
  context: Context;
  subgraph: RunningSubgraph<unknown>;
}

/** Waits for all, so that those that started can be stopped, and throws the first failure. */
function settled<T>(results: readonly PromiseSettledResult<T>[]): T[] {
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Pictures, keys and webhooks are reached over HTTP, and so is all of it by a part that runs on its own. */
async function listen({ context, subgraph }: Started, { env, urls }: SystemOptions): Promise<string> {
  const port = Number(new URL(urls[context.name]!).port);
  await subgraph.listen({ port, envelopeKey: env.AISLE_ENVELOPE_KEY! });
  return `${context.name.padEnd(10)} in memory, and at 127.0.0.1:${port}`;
}
