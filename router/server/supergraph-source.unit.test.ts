import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMeter } from '@aisle/platform/telemetry';
import { composeSubgraphs } from '../compose/index.ts';
import type { SubgraphTransport } from '../engine/index.ts';
import { loadEngine } from './supergraph-source.ts';
import { guardTransport } from './traffic/guarded-transport.ts';
import { createSubgraphMetrics } from './traffic/subgraph-metrics.ts';
import { settingsOf } from './traffic/subgraph-settings.ts';

const composed = (field: string) =>
  composeSubgraphs(
    ['a', 'b'].map((name) => ({
      name,
      url: `http://${name}.invalid`,
      file: `${name}.graphql`,
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy"]) type Query { ${name}: Int ${field} }`,
    })),
  ).supergraphSdl;
const GOOD = composed('');
const NEEDS_POLICY = composed('@policy(policies: [["staff"]])');

/** Transports that say what became of them, and their place in the metrics. */
function setUp() {
  const open = new Set<string>();
  const meter = createMeter();
  const metrics = createSubgraphMetrics(meter);
  let made = 0;
  const transports = (name: string): SubgraphTransport => {
    const id = `${name}${++made}`;
    open.add(id);
    const inner: SubgraphTransport = {
      execute: () => Promise.reject(new Error('not asked')),
      subscribe: () => Promise.reject(new Error('not asked')),
      close: async () => void open.delete(id),
    };
    return guardTransport(inner, {
      name,
      settings: settingsOf(name),
      metrics,
      clock: { now: () => 0 },
    });
  };
  const breakers = () => meter.render().match(/breaker_state\{subgraph="\w"\}/g) ?? [];
  return { open, transports, breakers };
}

describe('a supergraph that cannot be served', () => {
  it('leaves nothing open when it names a policy nobody has', async () => {
    const { open, transports, breakers } = setUp();
    await assert.rejects(
      loadEngine({ sdl: NEEDS_POLICY }, { transports }),
      /cannot be served: .* no function: staff/,
    );
    assert.deepEqual([...open], []);
    assert.deepEqual(breakers(), []);
  });

  it('leaves nothing open when one of its subgraphs cannot be called', async () => {
    const { open, transports } = setUp();
    const some = (name: string) => {
      if (name === 'b') throw new Error('No usable routing URL.');
      return transports(name);
    };
    await assert.rejects(loadEngine({ sdl: GOOD }, { transports: some }), /No usable routing URL/);
    assert.deepEqual([...open], []);
  });

  it('leaves nothing open when what goes around it cannot be', async () => {
    const { open, transports } = setUp();
    const around = () => {
      throw new Error('No such tag.');
    };
    await assert.rejects(loadEngine({ sdl: GOOD }, { transports, around }), /No such tag/);
    assert.deepEqual([...open], []);
  });

  it('does not take the place of the present one in the metrics', async () => {
    const { open, transports, breakers } = setUp();
    const engine = await loadEngine({ sdl: GOOD }, { transports });
    await assert.rejects(loadEngine({ sdl: NEEDS_POLICY }, { transports }));
    assert.deepEqual([...open], ['a1', 'b2']);
    assert.equal(breakers().length, 2);
    await engine.close();
    assert.deepEqual(breakers(), []);
  });
});
