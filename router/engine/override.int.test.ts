import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { service } from '@aisle/platform/identity';
import { runGraph } from '../fixtures/graph.ts';
import { override } from '../fixtures/graphs/override.ts';
import { runOperation } from '../fixtures/run-operation.ts';
import { testContext } from '../fixtures/test-context.ts';
import { inMemoryTransport } from '../transports/in-memory.ts';
import { createEngine, type EngineOptions } from './index.ts';

const graph = runGraph(override);
const start = (overrideLabel?: EngineOptions['overrideLabel']) =>
  createEngine({
    supergraphSdl: graph.supergraphSdl,
    transports: (name) =>
      inMemoryTransport({
        execute: (request) => graph.execute(name, request),
        subscribe: (request) => graph.subscribe(name, request),
      }),
    ...(overrideLabel ? { overrideLabel } : {}),
  });
const source = '{ orders { bill total parts { id colour } vat } }';
const order = (total: number) => ({
  bill: 'new bill',
  total,
  parts: [
    { id: 'x1', colour: 'red' },
    { id: 'x2', colour: null },
  ],
  vat: 21,
});

describe('@override', () => {
  test('takes effect at once without a label, and by decision with one', async () => {
    for (const [on, total] of [
      [false, 1],
      [true, 2],
    ] as const) {
      const engine = await start(() => on);
      assert.deepEqual(await runOperation(engine, source), {
        data: { orders: [order(total), order(total)] },
      });
    }
  });
  test('decides each label on its own, with the context of the request', async () => {
    const asked: string[] = [];
    const engine = await start((label, { requestId }) => {
      asked.push(`${requestId} ${label}`);
      return label === 'percent(50)';
    });
    const { data } = await runOperation(engine, source);
    assert.equal((data as { orders: { total: number }[] }).orders[0]?.total, 2);
    assert.deepEqual([...new Set(asked)].sort(), ['test parts-move', 'test percent(50)']);
  });
  test('percent(n) keeps each caller on one side, about n of a hundred on the new one', async () => {
    const engine = await start();
    const operation = engine.prepare('{ orders { total } }');
    assert.ok(!('errors' in operation));
    let news = 0;
    for (let caller = 0; caller < 200; caller++) {
      const sides = new Set<string>();
      for (let again = 0; again < 2; again++)
        sides.add(
          await engine.executeToJson(
            operation,
            {},
            testContext({ caller: service(`caller${caller}`), requestId: String(again) }),
          ),
        );
      assert.equal(sides.size, 1);
      if ([...sides][0]?.includes('"total":2')) news++;
    }
    assert.ok(news > 60 && news < 140, String(news));
  });
});
