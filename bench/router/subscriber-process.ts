import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';

/** Opens many subscriptions and measures how old each event is when it arrives. */
interface Job {
  readonly port: number;
  /** A connection for each subscription with `sse`; with `graphql-ws` some share one. */
  readonly over: 'graphql-ws' | 'sse';
  readonly connections: number;
  readonly perConnection: number;
  readonly seconds: number;
}

const QUERY = 'subscription { tick { sentAt } }';
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
let measuring = false;
const latencies: number[] = [];
const arrived = (sentAt: number): void => {
  if (measuring) latencies.push(performance.timeOrigin + performance.now() - sentAt);
};

process.on('message', async (job: Job | 'measure') => {
  if (job === 'measure') {
    process.send?.({ latencies });
    return;
  }
  const open = job.over === 'sse' ? overEventStream : overWebSocket;
  await Promise.all(Array.from({ length: job.connections }, () => open(job)));
  process.send?.({ opened: job.connections * job.perConnection });
  setTimeout(() => {
    measuring = true;
    setTimeout(() => {
      measuring = false;
    }, job.seconds * 1000);
  }, 1000);
});
process.on('disconnect', () => process.exit());

/** Resolves with the first event, as `overWebSocket` does with the first of each of its subscriptions. */
function overEventStream({ port }: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const sent = request({ port, path: '/graphql', method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const events = text.split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) {
          const sentAt = /"sentAt":([\d.]+)/.exec(event)?.[1];
          if (sentAt === undefined) continue;
          arrived(Number(sentAt));
          resolve();
        }
      });
      response.on('end', () => reject(new Error(`A subscription ended: ${text}`)));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ query: QUERY }));
  });
}

function overWebSocket({ port, perConnection }: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
    const started = new Set<string>();
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.on('message', (data: Buffer) => {
      const { type, id, payload } = JSON.parse(data.toString());
      if (type === 'connection_ack') {
        for (let index = 0; index < perConnection; index++)
          socket.send(JSON.stringify({ id: String(index), type: 'subscribe', payload: { query: QUERY } }));
      } else if (type === 'ping') socket.send(JSON.stringify({ type: 'pong' }));
      else if (type === 'next') {
        started.add(id);
        if (started.size === perConnection) resolve();
        arrived(payload.data.tick.sentAt);
      } else if (type === 'error' || type === 'complete')
        reject(new Error(`A subscription ended: ${JSON.stringify(payload)}`));
    });
  });
}
