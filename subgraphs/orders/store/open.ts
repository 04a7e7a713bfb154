import { createPostgresOutbox } from '@aisle/platform/outbox';
import { crashPoints, createSagaRunner } from '@aisle/platform/saga';
import type { Platform } from '@aisle/platform/service';
import { allOutspoken } from '@aisle/platform/stores';
import { tracerOf } from '@aisle/platform/telemetry';
import { createContexts } from '../calls/create-contexts.ts';
import type { Config } from '../config.ts';
import { orderSaga } from '../domain/saga/react.ts';
import { createFlights } from './flights.ts';
import type { Ports } from './index.ts';
import { createOrders } from './orders.ts';
import { createProgress } from './progress.ts';
import { createSagas } from './sagas.ts';
import { createSaver } from './saver.ts';

/** Builds the ports on the regional databases. */
export async function openPorts(platform: Platform, config: Config): Promise<Ports> {
  const { clock, log, commands, env } = platform;
  const databases = platform.databases();
  const outspoken = allOutspoken(databases, 'Orders cannot be reached at the moment. Please try again.');
  const regional = databases.all.filter(({ region }) => region !== 'global');
  const outbox = createPostgresOutbox(platform.name, databases);
  const progress = createProgress(outspoken, log);
  const contexts = createContexts(commands, clock);
  const crash = crashPoints(env);
  const runner = createSagaRunner({
    definition: orderSaga(config),
    databases: regional,
    tracer: tracerOf(platform.name),
    perform: (command, { timeoutMs, signal }) => contexts.perform(command, { timeoutMs, signal }),
    saver: createSaver(outbox, (database) => progress.wake(database)),
    times: { mergeMs: config.mergeMs, leaseMs: config.leaseMs },
    crash,
    clock,
    log,
  });
  const orders = createOrders({
    databases: outspoken,
    crash,
    insertParams: runner.insertParams,
    told(database, isPublished) {
      progress.wake(database);
      if (isPublished) outbox.wake(database.region);
    },
  });
  platform.onStop('order steps', () => progress.stop());
  return {
    orders,
    progress,
    contexts,
    outbox,
    config,
    sagas: createSagas(runner, databases),
    runner,
    flights: createFlights(config.maxCheckouts),
    async ping() {
      await Promise.all(regional.map((database) => database.query('SELECT 1')));
    },
  };
}
