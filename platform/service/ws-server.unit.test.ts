import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { systemClock } from '../clock/index.ts';
import { badInput } from '../errors/index.ts';
import { anonymous, ENVELOPE_HEADER, sealEnvelope } from '../identity/index.ts';
import { silentLog } from '../log/index.ts';
import { createMeter } from '../telemetry/index.ts';
import { type RunningHttpServer, serveHttp } from './http-server.ts';
import { createHost } from './index.ts';

const SDL = `
type Query { now: Int }
type Subscription { ticks(count: Int!): Int! }
`;
const key = 'k'.repeat(32);
let root: string;
let server: RunningHttpServer;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'aisle-ws-'));
  await writeFile(join(root, 'schema.graphql'), SDL);
  const resolvers = {
    Subscription: {
      ticks: {
        subscribe: (_: unknown, { count }: { count: number }) => {
          if (count < 1) throw badInput('At least one tick.');
          if (count > 9) throw new TypeError('SELECT * FROM clocks');
          return ticks(count);
        },
        resolve: (tick: number) => {
          if (tick === 3) throw badInput('Not the third.');
          return tick;
        },
      },
    },
  };
  const shared = { clock: systemClock, log: silentLog };
  const host = await createHost({ root, resolvers, ports: {}, ...shared });
  const ready = async () => true;
  const way = { envelopeKey: key, routes: {}, ready, meter: createMeter(), port: 0 };
  server = await serveHttp({ name: 'clock', host, ...way, ...shared });
});
after(async () => {
  await server.stop();
  await rm(root, { recursive: true });
});

async function* ticks(count: number): AsyncGenerator<number> {
  for (let tick = 1; tick <= count; tick++) yield tick;
}

/** All that a subscription answers, as it comes over the wire; the envelope vouches for `sealedCount`. */
async function subscribe(count: number, sealedCount = count): Promise<unknown[]> {
  const payloadOf = (ticks: number) => ({
    query: 'subscription ($count: Int!) { ticks(count: $count) }',
    variables: { count: ticks },
  });
  const now = Date.now();
  const envelope = { caller: anonymous(), issuer: 'router', audience: 'clock', requestId: 'r' };
  const sealed = sealEnvelope(
    { ...envelope, issuedAt: now, deadline: now + 5_000 },
    JSON.stringify(payloadOf(sealedCount)),
    key,
  );
  const client = createClient({
    url: server.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { [ENVELOPE_HEADER]: sealed },
    retryAttempts: 0,
  });
  try {
    const answers: unknown[] = [];
    for await (const answer of client.iterate(payloadOf(count))) answers.push(answer);
    return answers;
  } finally {
    await client.dispose();
  }
}

test('events come one by one, with errors of their own among them', async () => {
  const events = (await subscribe(4)) as { data: unknown; errors?: { extensions: unknown }[] }[];
  assert.deepEqual(
    events.map(({ data, errors }) => errors?.[0]?.extensions ?? data),
    [{ ticks: 1 }, { ticks: 2 }, { code: 'BAD_USER_INPUT' }, { ticks: 4 }],
  );
});

test('a subscription that is refused says why; one that breaks keeps its secrets', async () => {
  const [refused] = (await subscribe(0)) as [{ errors: { message: string; extensions: unknown }[] }];
  assert.equal(refused.errors[0]!.message, 'At least one tick.');
  assert.deepEqual(refused.errors[0]!.extensions, { code: 'BAD_USER_INPUT' });
  const [broken] = (await subscribe(10)) as [{ errors: { message: string; extensions: unknown }[] }];
  assert.deepEqual(broken.errors[0]!.extensions, { code: 'INTERNAL', requestId: 'r' });
  assert.doesNotMatch(JSON.stringify(broken), /SELECT/);
});

test('an envelope for another payload is refused', async () => {
  await assert.rejects(subscribe(2, 3), ([error]: { extensions: unknown }[]) => {
    assert.deepEqual(error!.extensions, { code: 'UNAUTHENTICATED' });
    return true;
  });
});
