import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runGraph } from '../fixtures/graph.ts';
import { context } from '../fixtures/graphs/context.ts';
import { runOperation } from '../fixtures/run-operation.ts';
import { inMemoryTransport } from '../transports/in-memory.ts';
import { createEngine } from './index.ts';

const graph = runGraph(context);
const engine = await createEngine({
  supergraphSdl: graph.supergraphSdl,
  transports: (name) =>
    inMemoryTransport({
      execute: (request) => graph.execute(name, request),
      subscribe: (request) => graph.subscribe(name, request),
    }),
});

describe('@fromContext', () => {
  test('gives an entity the arguments of the object it was reached through, equal entities apart', async () => {
    const { data } = await runOperation(
      engine,
      'query ($d: Int) { shops { id items { price(digits: $d) tax name } hot { p: price } } }',
      { d: 1 },
    );
    assert.deepEqual(data, {
      shops: [
        {
          id: 's1',
          items: [
            { price: 'EUR 1.0', tax: 'tax of eu', name: 'item 1' },
            { price: 'EUR 2.0', tax: 'tax of eu', name: 'item 2' },
          ],
          hot: { p: 'EUR 1' },
        },
        {
          id: 's2',
          items: [
            { price: 'USD 1.0', tax: 'tax of null', name: 'item 1' },
            { price: 'USD 2.0', tax: 'tax of null', name: 'item 2' },
          ],
          hot: { p: 'USD 1' },
        },
      ],
    });
  });
  test('however deep below it', async () => {
    const { data } = await runOperation(engine, '{ shops { hot { twin { price twin { price name } } } } }');
    assert.deepEqual(data, {
      shops: ['EUR', 'USD'].map((currency) => ({
        hot: { twin: { price: `${currency} 10`, twin: { price: `${currency} 100`, name: 'item 100' } } },
      })),
    });
  });
});
