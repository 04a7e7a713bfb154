import { startProcess } from './processes.ts';

interface Usage {
  readonly cpuMicros: number;
  readonly rss: number;
}

/**
 * One change, many subscribers: `subscribers` equal subscriptions over graphql-ws, 50 to a socket, an event ten times a second. Prints how old events are on arrival,
 * the memory of the router per subscriber and its CPU time per event delivered. The stock gateway has no subscriptions to compare with.
 */
export async function fanOut(subscribers: number, seconds: number): Promise<void> {
  const router = await startProcess('./gateways/fan-out.ts');
  const client = await startProcess('./subscriber-process.ts', [], {}, false);
  try {
    const perSocket = 50;
    const empty = await router.ask<Usage>({});
    await client.ask({ port: router.port, sockets: Math.ceil(subscribers / perSocket), perSocket, seconds });
    const before = await router.ask<Usage>({});
    await new Promise((resolve) => setTimeout(resolve, (seconds + 1.2) * 1000));
    const after = await router.ask<Usage>({});
    const { latencies } = await client.ask<{ latencies: number[] }>('measure' as never);
    latencies.sort((a, b) => a - b);
    const at = (share: number): string =>
      (latencies[Math.floor(latencies.length * share)] ?? Number.NaN).toFixed(0);
    const perSubscriber = (after.rss - empty.rss) / 1024 / subscribers;
    const rate = latencies.length / seconds;
    const cpu = (after.cpuMicros - before.cpuMicros) / (rate * (seconds + 1.2));
    console.log(
      `\nsubscription fan-out, ${subscribers} subscribers on ${Math.ceil(subscribers / perSocket)} sockets, 10 events a second each`,
    );
    console.log(
      `  router                  ${rate.toFixed(0)} events/s  p50 ${at(0.5)} p99 ${at(0.99)} ms after the change  CPU ${cpu.toFixed(1)} µs/event  ${perSubscriber.toFixed(1)} kB a subscriber`,
    );
  } finally {
    await Promise.all([router.stop(), client.stop()]);
  }
}
