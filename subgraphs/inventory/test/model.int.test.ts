import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { until } from '../../../test/testkit/index.ts';
import { reconcile, sweep } from '../store/reconcile.ts';
import {
  confirm,
  type Harness,
  release,
  reserve,
  restock,
  SET,
  staff,
  startInventory,
  stockOf,
  WAREHOUSES,
} from './harness.ts';
import { type Line, StockModel } from './model.ts';

const SKUS = ['a', 'b', 'c'] as const;
const ORDERS = 5;
const UNITS = 6;
/** Few enough that what is remembered of a sale (10 minutes) outlives a run. */
const MAX_COMMANDS = 30;

let harness: Harness;
before(async () => {
  harness = await startInventory({ background: false });
});
after(() => harness.stop());

/** Names of one run: SKUs and orders of their own. */
class Real {
  static runs = 0;
  readonly run = Real.runs++;
  counts = 0;
  skus = () => SKUS.map((name) => this.sku(name));
  sku = (name: string) => `sku_m${this.run}${name}`;
  order = (n: number) => `ord_us_m${this.run}x${n}`;
  lines = (lines: readonly Line[]) => lines.map(({ sku, quantity }) => ({ sku: this.sku(sku), quantity }));
  async count(sku: string, onHand: number): Promise<boolean> {
    const input = {
      idempotencyKey: `count-${this.run}-${this.counts++}`,
      sku: this.sku(sku),
      warehouseId: WAREHOUSES.us,
      onHand,
    };
    return (await harness.run(SET, { input }, staff)).data.setStock.errors.length === 0;
  }
}

type Command = fc.AsyncCommand<StockModel, Real>;
const command = (
  text: string,
  run: (model: StockModel, real: Real) => Promise<void>,
  check: (model: StockModel) => boolean = () => true,
): Command => ({
  check,
  run,
  toString: () => text,
});

const number = fc.nat(ORDERS - 1);
const linesOf = fc
  .uniqueArray(fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 4 }) }), {
    selector: ({ sku }) => sku,
    minLength: 1,
    maxLength: 3,
  })
  .map((lines) => [...lines].sort((a, b) => a.sku.localeCompare(b.sku)));
const OUTCOME = { held: [], short: ['INSUFFICIENT_STOCK'], other: ['INVALID_INPUT'] };
// The same order asks for the same lines again; what another quantity does has a test of its own.
const linesOfOrder = new Map<string, readonly Line[]>();

const commands = [
  fc.tuple(number, linesOf, fc.constantFrom(15, 35)).map(([n, wanted, ttl]) =>
    command(`reserve(${n}, ${JSON.stringify(wanted)}, ${ttl})`, async (model, real) => {
      const lines = linesOfOrder.get(real.order(n)) ?? wanted;
      linesOfOrder.set(real.order(n), lines);
      const expected = model.reserve(String(n), lines, ttl);
      const { codes } = await reserve(harness, real.order(n), real.lines(lines), ttl);
      assert.deepEqual([...new Set(codes)], OUTCOME[expected]);
    }),
  ),
  number.map((n) =>
    command(`confirm(${n})`, async (model, real) =>
      assert.equal((await confirm(harness, real.order(n))).confirmed, model.confirm(String(n))),
    ),
  ),
  number.map((n) =>
    command(`confirm(${n}, lines)`, async (model, real) => {
      const lines = linesOfOrder.get(real.order(n));
      if (lines)
        assert.equal(
          (await confirm(harness, real.order(n), real.lines(lines))).confirmed,
          model.confirm(String(n), lines),
        );
    }),
  ),
  number.map((n) =>
    command(`release(${n})`, async (model, real) =>
      assert.equal(await release(harness, real.order(n)), model.release(String(n))),
    ),
  ),
  number.map((n) =>
    command(`restock(${n})`, async (model, real) => {
      const lines = model.sales.get(String(n)) ?? [{ sku: 'a', quantity: 1 }];
      assert.equal(
        (await restock(harness, real.order(n), real.lines(lines), 'cancelled')).restocked,
        model.restock(String(n)),
      );
    }),
  ),
  fc
    .tuple(fc.constantFrom(...SKUS), fc.integer({ min: 0, max: 9 }))
    .map(([sku, units]) =>
      command(`count(${sku}, ${units})`, async (model, real) =>
        assert.equal(await real.count(sku, units), model.count(sku, units)),
      ),
    ),
  fc.constantFrom(10, 20).map((seconds) =>
    command(`wait(${seconds})`, async (model) => {
      harness.advance(seconds * 1_000);
      model.now += seconds;
    }),
  ),
  fc.constant(command('sweep', async () => void (await sweep(harness.ports.live)))),
  fc.constant(
    command(
      'lose Redis',
      async (model, real) => {
        await harness.ports.live.redis.flushDb();
        model.lose();
        await until(async () => (await stockOf(harness, real.sku('a'))).live);
        await harness.ports.rebuilder.restoreAll();
        // Sales that were lost with Redis are known by the ledger only; orders that were sold are left alone from here on.
      },
      (model) => model.sales.size === 0,
    ),
  ),
  fc.constant(
    command('look', async (model, real) => {
      await sweep(harness.ports.live);
      for (const sku of SKUS) {
        const { live, ...seen } = await stockOf(harness, real.sku(sku));
        assert.equal(live, true);
        assert.deepEqual(seen, {
          available: model.available(sku),
          onHand: model.onHand.get(sku),
          held: model.held(sku),
          sold: model.sold(sku),
        });
      }
    }),
  ),
];

/** Bounded by the number of histories; a busy machine takes its time for them, milliseconds. */
const PATIENCE = { timeout: 300_000 };

test('any history of commands does what the model does', PATIENCE, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: MAX_COMMANDS }), async (history) => {
      const real = new Real();
      linesOfOrder.clear();
      for (const sku of real.skus()) await harness.stock(sku, UNITS);
      await fc.asyncModelRun(() => ({ model: new StockModel(SKUS, UNITS), real }), history);
    }),
    { numRuns: 60, endOnFailure: false },
  );
});

test(
  'any commands at once never oversell, and the ledger agrees with the counters afterwards',
  PATIENCE,
  async () => {
    const step = fc.record({
      action: fc.constantFrom('reserve', 'confirm', 'retake', 'release', 'restock', 'count', 'wait'),
      n: fc.nat(7),
      sku: fc.constantFrom(...SKUS),
      other: fc.constantFrom(...SKUS),
      units: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 10 }), { minLength: 2, maxLength: 8 }),
        async (buyers) => {
          const real = new Real();
          for (const sku of real.skus()) await harness.stock(sku, UNITS);
          let looking = true;
          const looker = (async () => {
            while (looking)
              for (const { available, onHand, held, sold } of await Promise.all(
                real.skus().map((sku) => stockOf(harness, sku)),
              ))
                assert.ok(available >= 0 && held >= 0 && sold >= 0 && onHand >= held + sold);
          })();
          const act = async ({ action, n, sku, other, units }: (typeof buyers)[number][number]) => {
            const id = real.order(n);
            const lines = real.lines(
              [...new Set([sku, other])].map((name) => ({ sku: name, quantity: (n % 3) + 1 })),
            );
            if (action === 'reserve') await reserve(harness, id, lines, 30);
            else if (action === 'confirm') await confirm(harness, id);
            else if (action === 'retake') await confirm(harness, id, lines);
            else if (action === 'release') await release(harness, id);
            else if (action === 'restock') await restock(harness, id, lines.slice(0, 1), `r${units}`);
            else if (action === 'count') await real.count(sku, units * 2);
            else harness.advance(5_000);
          };
          await Promise.all(
            buyers.map(async (steps) => {
              for (const one of steps) await act(one);
            }),
          );
          looking = false;
          await looker;
          await reconcile(harness.ports, { lookAfterMs: 0, giveUpAfterMs: 0 });
          harness.advance(31_000);
          while ((await sweep(harness.ports.live)) > 0);
          const [live, books] = await Promise.all([
            harness.ports.live.read('us', real.skus()),
            harness.ports.ledger.read('us', real.skus()),
          ]);
          for (const sku of real.skus()) {
            assert.deepEqual({ ...live.get(sku)!, warehouses: [] }, { ...books.get(sku)!, warehouses: [] });
            assert.ok(books.get(sku)!.onHand >= books.get(sku)!.sold);
          }
        },
      ),
      { numRuns: 40 },
    );
  },
);
