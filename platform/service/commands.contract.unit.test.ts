import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'graphql';
import { systemClock } from '../clock/index.ts';
import { badInput, forbidden } from '../errors/index.ts';
import { anonymous, ENVELOPE_HEADER, sealEnvelope } from '../identity/index.ts';
import { silentLog } from '../log/index.ts';
import { policy } from '../resilience/index.ts';
import { createMeter } from '../telemetry/index.ts';
import { type RunningHttpServer, serveHttp } from './http-server.ts';
import {
  CommandError,
  type CommandTransport,
  createCommands,
  createHost,
  httpTransport,
  inMemoryTransport,
  requireService,
  type Scope,
  type SubgraphHost,
} from './index.ts';

const SDL = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
scalar MinorUnits
enum Region { US EU GB IN BR }
type Thing @key(fields: "id") { id: ID! price: MinorUnits! home: Region! }
type Query { thing(id: ID!): Thing never: Int secret: String! broken: Int }
type Mutation { reserve(id: ID!): Int! @inaccessible }
type Subscription { ticks(count: Int!): Int! }
`;
const key = 'k'.repeat(32);
let root: string;
let host: SubgraphHost;
let server: RunningHttpServer;
const hosts = new Map<string, SubgraphHost>();
let reserved = 0;
let failNext = 0;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'aisle-host-'));
  await writeFile(join(root, 'schema.graphql'), SDL);
  const resolvers = {
    Thing: {
      __resolveReference: ({ id }: { id: string }) => ({ id, price: 12n, home: 'gb' }),
    },
    Query: {
      thing: (_: unknown, { id }: { id: string }) => ({ id, price: 2n ** 40n, home: 'eu' }),
      never: () => new Promise(() => {}),
      secret: (_: unknown, __: unknown, scope: Scope) => {
        requireService(scope, ['orders']);
        return scope.caller.subject;
      },
      broken: () => {
        throw new TypeError('SELECT * FROM passwords');
      },
    },
    Mutation: {
      reserve: (_: unknown, { id }: { id: string }) => {
        if (failNext-- > 0) throw badInput('not this time');
        if (id === 'mine') throw forbidden();
        return ++reserved;
      },
    },
    Subscription: {
      ticks: {
        subscribe: async function* (_: unknown, { count }: { count: number }) {
          for (let ticks = 1; ticks <= count; ticks++) yield { ticks };
        },
      },
    },
  };
  host = await createHost({ root, resolvers, ports: {}, clock: systemClock, log: silentLog });
  hosts.set('things', host);
  server = await serveHttp({
    name: 'things',
    host,
    envelopeKey: key,
    routes: {},
    ready: async () => true,
    meter: createMeter(),
    clock: systemClock,
    log: silentLog,
    port: 0,
  });
});
after(async () => {
  await server.stop();
  await rm(root, { recursive: true });
});

const http = () =>
  httpTransport({
    from: 'orders',
    clock: systemClock,
    envelopeKey: key,
    urlOf: (to) => (to === 'things' ? server.url : to === 'dead' ? 'http://127.0.0.1:1/graphql' : undefined),
  });
const transports: Record<string, () => { send: CommandTransport; close(): Promise<void> }> = {
  'in memory': () => ({ send: inMemoryTransport(hosts), close: async () => {} }),
  HTTP: http,
};
const thing = parse('query Thing($id: ID!) { thing(id: $id) { id price home } }');
const kind = (expected: string) => (error: unknown) =>
  error instanceof CommandError && error.kind === expected;

for (const [name, open] of Object.entries(transports)) {
  describe(`commands contract: ${name}`, () => {
    const transport = open();
    const policies = new Map<string, ReturnType<typeof policy>>();
    const policyFor = (to: string) => {
      const known = policies.get(to) ?? policy({ name: to, retries: 2 });
      policies.set(to, known);
      return known;
    };
    const commands = createCommands({
      from: 'orders',
      clock: systemClock,
      transport: transport.send,
      policyFor,
    });
    after(() => transport.close());

    test('a query comes back with scalars and enums in their wire form', async () => {
      const result = await commands.send(thing, { id: 'a' }, { to: 'things' });
      assert.deepEqual(JSON.parse(JSON.stringify(result)), {
        thing: { id: 'a', price: 2 ** 40, home: 'EU' },
      });
    });

    test('the callee sees the calling service', async () => {
      const result = (await commands.send(parse('query Secret { secret }'), {}, { to: 'things' })) as {
        secret: string;
      };
      assert.equal(result.secret, 'orders');
    });

    test('an error of the callee is a refusal that says why, and surprises stay masked', async () => {
      const mine = commands.send(parse('mutation Reserve { reserve(id: "mine") }'), {}, { to: 'things' });
      await assert.rejects(
        mine,
        (error: unknown) => kind('refused')(error) && /You may not do this/.test((error as Error).message),
      );
      const broken = await host.execute({
        kind: 'query',
        query: '',
        document: parse('{ broken }'),
        context: {
          caller: anonymous(),
          requestId: 'r',
          deadline: Date.now() + 1e3,
          signal: new AbortController().signal,
        },
      });
      assert.match(broken.errors![0]!.message, /Something went wrong/);
    });

    test('a wrong document is refused, nothing runs', async () => {
      const before = reserved;
      await assert.rejects(
        commands.send(parse('mutation Wrong { reserve(idd: 1) }'), {}, { to: 'things' }),
        kind('refused'),
      );
      assert.equal(reserved, before);
    });

    test('a callee that never answers is a time-out at the deadline', async () => {
      await assert.rejects(
        commands.send(parse('query Never { never }'), {}, { to: 'things', timeoutMs: 50 }),
        kind('timeout'),
      );
    });

    test('an unknown callee is unreachable', async () => {
      await assert.rejects(
        commands.send(thing, { id: 'a' }, { to: 'nowhere', timeoutMs: 500 }),
        kind('unreachable'),
      );
    });
  });
}

test('HTTP: a callee that is down is unreachable, and after five failures not asked', async () => {
  const transport = http();
  const shared = policy({ name: 'dead', retries: 0 });
  const commands = createCommands({
    from: 'orders',
    clock: systemClock,
    transport: transport.send,
    policyFor: () => shared,
  });
  for (let i = 0; i < 5; i++)
    await assert.rejects(commands.send(thing, { id: 'a' }, { to: 'dead' }), kind('unreachable'));
  await assert.rejects(commands.send(thing, { id: 'a' }, { to: 'dead' }), kind('open-circuit'));
  await transport.close();
});

test('HTTP: a call without a current envelope for this body is refused and runs nothing', async () => {
  const body = JSON.stringify({ query: '{ thing(id: "a") { id } }' });
  const post = (envelope?: string, sent = body) =>
    fetch(server.url, {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/json', ...(envelope && { [ENVELOPE_HEADER]: envelope }) },
    });
  const sealed = sealEnvelope(
    {
      caller: anonymous(),
      issuer: 'router',
      audience: 'things',
      requestId: 'r',
      issuedAt: Date.now(),
      deadline: Date.now() + 5_000,
    },
    body,
    key,
  );
  assert.equal((await post()).status, 401);
  assert.equal((await post(sealed, body.replace('"a\\"', '"b\\"'))).status, 401);
  assert.equal((await post(`${sealed}x`)).status, 401);
  assert.equal((await post(sealed)).status, 200);
});

test('HTTP: events stream over SSE and end', async () => {
  const body = JSON.stringify({ query: 'subscription { ticks(count: 3) }' });
  const envelope = sealEnvelope(
    {
      caller: anonymous(),
      issuer: 'router',
      audience: 'things',
      requestId: 'r',
      issuedAt: Date.now(),
      deadline: Date.now() + 5_000,
    },
    body,
    key,
  );
  const response = await fetch(server.url, {
    method: 'POST',
    body,
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', [ENVELOPE_HEADER]: envelope },
  });
  const text = await response.text();
  assert.deepEqual(
    [...text.matchAll(/data: (.+)/g)].map((match) => JSON.parse(match[1]!).data.ticks),
    [1, 2, 3],
  );
  assert.match(text, /event: complete/);
});
