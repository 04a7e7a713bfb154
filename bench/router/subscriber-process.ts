import { WebSocket } from 'ws';

/** Opens many subscriptions over graphql-ws and measures how old each event is when it arrives. */
interface Job {
  readonly port: number;
  readonly sockets: number;
  readonly perSocket: number;
  readonly seconds: number;
}

let measuring = false;
const latencies: number[] = [];

process.on('message', async (job: Job | 'measure') => {
  if (job === 'measure') {
    process.send?.({ latencies });
    return;
  }
  await Promise.all(Array.from({ length: job.sockets }, () => open(job)));
  process.send?.({ opened: job.sockets * job.perSocket });
  setTimeout(() => {
    measuring = true;
    setTimeout(() => {
      measuring = false;
    }, job.seconds * 1000);
  }, 1000);
});
process.on('disconnect', () => process.exit());

function open({ port, perSocket }: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
    const started = new Set<string>();
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.on('message', (data: Buffer) => {
      const { type, id, payload } = JSON.parse(data.toString());
      if (type === 'connection_ack') {
        for (let index = 0; index < perSocket; index++)
          socket.send(
            JSON.stringify({
              id: String(index),
              type: 'subscribe',
              payload: { query: 'subscription { tick { sentAt } }' },
            }),
          );
      } else if (type === 'ping') socket.send(JSON.stringify({ type: 'pong' }));
      else if (type === 'next') {
        started.add(id);
        if (started.size === perSocket) resolve();
        if (measuring) latencies.push(performance.timeOrigin + performance.now() - payload.data.tick.sentAt);
      } else if (type === 'error' || type === 'complete')
        reject(new Error(`A subscription ended: ${JSON.stringify(payload)}`));
    });
  });
}
