import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExecutionResult } from 'graphql';
import { scriptedEngine } from '../fixtures/scripted-engine.ts';
import { testContext } from '../fixtures/test-context.ts';
import { TransportError } from '../transports/transport-error.ts';
import type { SubgraphResponse } from './types.ts';

const sdl = {
  orders: `type Query { o: Int } type Subscription { moved(id: ID!): Order } type Order @key(fields: "id") { id: ID! step: String lines: [Line!] }
    type Line { product: Product! } type Product @key(fields: "id") { id: ID! }`,
  catalogue: 'type Product @key(fields: "id") { id: ID! title: String! }',
};
const event = (step: string): SubgraphResponse => ({
  data: {
    moved: {
      step,
      lines: [
        { product: { __typename: 'Product', id: 'p1' } },
        { product: { __typename: 'Product', id: 'p1' } },
      ],
    },
  },
});
const source = 'subscription ($id: ID!) { moved(id: $id) { step lines { product { title } } } }';

async function start(
  events: () => AsyncIterableIterator<SubgraphResponse>,
  titles: () => unknown = () => ({ data: { _entities: [{ title: 'Milk' }] } }),
) {
  const { engine, calls } = await scriptedEngine(sdl, { orders: events, catalogue: titles });
  const operation = engine.prepare(source);
  assert.ok(!('errors' in operation) && operation.kind === 'subscription');
  return {
    engine,
    calls,
    subscribe: (variables: unknown = { id: 'o1' }, context = testContext()) =>
      engine.subscribe(operation, variables, context),
  };
}

const isStream = (result: object): result is AsyncIterableIterator<ExecutionResult> =>
  Symbol.asyncIterator in result;
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('a subscription', () => {
  test('completes each event of its owner with what other subgraphs have', async () => {
    const { calls, subscribe } = await start(async function* () {
      yield event('paid');
      yield event('sent');
    });
    const stream = await subscribe();
    assert.ok(isStream(stream));
    const results = [];
    for await (const result of stream) results.push(plain(result.data));
    const lines = [{ product: { title: 'Milk' } }, { product: { title: 'Milk' } }];
    assert.deepEqual(results, [{ moved: { step: 'paid', lines } }, { moved: { step: 'sent', lines } }]);
    assert.deepEqual(
      calls.map(({ subgraph, request }) => `${subgraph} ${request.kind}`),
      ['orders subscription', 'catalogue query', 'catalogue query'],
    );
    assert.deepEqual(calls[1]?.request.variables, { representations: [{ __typename: 'Product', id: 'p1' }] });
    assert.deepEqual(calls[0]?.request.variables, { id: 'o1' });
  });
  test('gives each event a deadline of its own', async () => {
    const { calls, subscribe } = await start(async function* () {
      yield event('paid');
    });
    const stream = await subscribe({ id: 'o1' }, testContext({ deadline: Date.now() - 1 }));
    assert.ok(isStream(stream));
    await stream.next();
    assert.ok((calls[1]?.request.context.deadline ?? 0) > Date.now());
  });
  test('goes on after an event that fails', async () => {
    let call = 0;
    const { subscribe } = await start(
      async function* () {
        yield event('paid');
        yield { errors: [{ message: 'no', path: ['moved'] }], data: { moved: null } };
        yield event('sent');
      },
      () => {
        if (call++ === 0) throw new TransportError('SUBGRAPH_TIMEOUT', 'catalogue', 'late');
        return { data: { _entities: [{ title: 'Milk' }] } };
      },
    );
    const stream = await subscribe();
    assert.ok(isStream(stream));
    const results = [];
    for await (const { data, errors } of stream)
      results.push(
        plain([
          (data?.moved as { lines: unknown } | null | undefined)?.lines ?? null,
          errors?.map(({ path }) => path?.join('.')),
        ]),
      );
    assert.deepEqual(results, [
      [null, ['moved.lines.0.product.title']],
      [null, ['moved']],
      [[{ product: { title: 'Milk' } }, { product: { title: 'Milk' } }], null],
    ]);
  });
  test('that cannot start is one result with errors', async () => {
    const { subscribe } = await start(() => {
      throw new TransportError('SUBGRAPH_UNREACHABLE', 'orders', 'down');
    });
    assert.deepEqual(plain(await subscribe()), {
      errors: [{ message: 'down', extensions: { code: 'SUBGRAPH_UNREACHABLE', serviceName: 'orders' } }],
    });
    assert.equal(plain(await subscribe({})).errors[0].extensions.code, 'BAD_USER_INPUT');
  });
  test('that breaks off upstream throws, so that the caller can resume it', async () => {
    const { subscribe } = await start(async function* () {
      yield event('paid');
      throw new TransportError('SUBGRAPH_UNREACHABLE', 'orders', 'broke');
    });
    const stream = await subscribe();
    assert.ok(isStream(stream));
    await stream.next();
    await assert.rejects(stream.next(), TransportError);
  });
  test('is ended upstream by return()', async () => {
    let ended = false;
    const { subscribe } = await start(async function* () {
      try {
        for (;;) yield event('paid');
      } finally {
        ended = true;
      }
    });
    const stream = await subscribe();
    assert.ok(isStream(stream));
    await stream.next();
    await stream.return?.();
    assert.ok(ended);
  });
});
