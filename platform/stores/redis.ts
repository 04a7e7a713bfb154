import type { createClient } from 'redis';
import type { Log } from '../log/index.ts';
import { isTracing } from '../telemetry/index.ts';
import { traceRedis } from './traced-redis.ts';

export type Redis = ReturnType<typeof buildClient>;

function buildClient(create: typeof createClient, url: string) {
  return create({
    url,
    // A command that cannot be sent now fails now: callers have a deadline and a degraded answer.
    disableOfflineQueue: false,
    commandsQueueMaxLength: 10_000,
    socket: { connectTimeout: 5_000, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 2_000) },
  });
}

/** A connected client that reconnects by itself. The caller closes it. The driver is loaded by who needs it: it is a third of what a process loads. */
export async function openRedis(url: string, log: Log): Promise<Redis> {
  if (isTracing()) traceRedis();
  const client = buildClient((await import('redis')).createClient, url);
  client.on('error', (error: Error) => log.warn('redis connection', { error: error.message }));
  await client.connect();
  return client;
}
