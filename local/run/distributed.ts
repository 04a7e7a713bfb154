import { join } from 'node:path';
import { createMeter } from '@aisle/platform/telemetry';
import { ROOT } from '../settings.ts';
import { freePort } from '../stores/process.ts';
import { openBus, systemTopology } from './bus.ts';
import { loadContexts } from './contexts.ts';
import type { System, SystemOptions } from './single.ts';
import { startWorker, type Worker } from './worker.ts';

export interface DistributedOptions extends SystemOptions {
  readonly home: string;
  /** Told of deaths and restarts. */
  readonly notice: (line: string) => void;
  /** What the router serves, read again when it is told to. @default the committed one */
  readonly supergraphFile?: string;
}

export interface DistributedSystem extends System {
  /** By subgraph, and `router`. */
  readonly workers: ReadonlyMap<string, Worker>;
}

/** One process per subgraph and one for the router, over HTTP; each is started again when it dies. */
export async function startDistributed(options: DistributedOptions): Promise<DistributedSystem> {
  const { log, home, notice, urls, demo, supergraphFile } = options;
  // Chosen here, so that a router that is started again comes back where it was.
  const port = options.port || (await freePort());
  const stack = new AsyncDisposableStack();
  const stop = () => stack.disposeAsync();
  const contexts = await loadContexts();
  // All queues are there before anyone publishes: an event nobody is subscribed to is an event lost.
  const bus = await openBus(contexts, { env: options.env, log, meter: createMeter() });
  await bus.close();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...options.env,
    AISLE_TOPOLOGY: JSON.stringify(systemTopology(contexts)),
    AISLE_DEMO: demo ? '1' : '',
    ...(supergraphFile && { AISLE_SUPERGRAPH_FILE: supergraphFile }),
  };
  const workers = new Map<string, Worker>();
  const start = async (name: string, args: string[]) => {
    const worker = await startWorker({ name, home, env, notice, args });
    workers.set(name, worker);
    return worker;
  };
  const subgraph = (name: string) =>
    start(name, [join(ROOT, 'local/subgraph.ts'), name, '--port', new URL(urls[name]!).port]);
  try {
    const started = await Promise.allSettled(contexts.map(({ name }) => subgraph(name)));
    stack.defer(async () => {
      await Promise.all(
        [...workers.values()].filter(({ name }) => name !== 'router').map((worker) => worker.stop()),
      );
    });
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    const router = await start('router', [join(ROOT, 'local/run/router-process.ts'), String(port)]);
    stack.defer(() => router.stop());
  } catch (error) {
    await stop();
    throw error;
  }
  const describe = contexts.map(
    ({ name }) => `${name.padEnd(10)} process ${workers.get(name)?.pid}, ${new URL(urls[name]!).host}`,
  );
  describe.push(`${'router'.padEnd(10)} process ${workers.get('router')?.pid}, 127.0.0.1:${port}`);
  return { url: `http://127.0.0.1:${port}/graphql`, describe, workers, stop };
}
