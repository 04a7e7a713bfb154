import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, it } from 'node:test';
import { createMemoryBus } from '@aisle/platform/bus';
import { REGIONS } from '@aisle/platform/identity';
import { silentLog } from '@aisle/platform/log';
import { openPlatform, type Platform } from '@aisle/platform/service';
import { createMeter } from '@aisle/platform/telemetry';
import { type FreshStores, freshName, freshStores } from '../../../test/testkit/index.ts';
import { loadContexts } from '../../run/contexts.ts';
import { ROOT } from '../../settings.ts';
import { seedAll } from '../index.ts';

let stores: FreshStores;
const platforms = new Map<string, Platform>();
const closing: (() => Promise<void>)[] = [];
before(async () => {
  stores = await freshStores();
  const env = { ...stores.env, NODE_ENV: 'test', IDENTITY_EMAIL_KEY: randomBytes(32).toString('base64url') };
  const commands = { send: () => Promise.reject(new Error('Seeding sends no commands.')) };
  const shared = { env, commands, log: silentLog, meter: createMeter(), maxConnections: 2 };
  for (const { name, definition } of await loadContexts()) {
    // MongoDB is shared by all tests: a database of another name is this one's own.
    const own = name === 'catalogue' ? { ...definition, name: freshName('catalogue') } : definition;
    const bus = createMemoryBus({ producers: [], consumers: [] });
    const { platform, close } = await openPlatform(own, { ...shared, bus });
    platforms.set(name, platform);
    closing.push(close);
  }
});
after(async () => {
  await (await platforms.get('catalogue')?.mongo())?.db.dropDatabase();
  for (const close of closing) await close();
  await stores.drop();
});

/** How much of everything there is. */
async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const { db } = await platforms.get('catalogue')!.mongo();
  for (const name of ['products', 'categories', 'brands'])
    found[name] = await db.collection(name).countDocuments();
  const tables = {
    identity: ['users', 'addresses'],
    inventory: ['ledger', 'warehouse'],
    orders: ['orders', 'seller_orders'],
    payments: ['payments'],
    pricing: ['prices', 'variant_sellers'],
    sellers: ['sellers'],
  };
  for (const [context, names] of Object.entries(tables)) {
    const databases = platforms.get(context)!.databases();
    const places = ['pricing', 'sellers'].includes(context)
      ? [databases.global]
      : REGIONS.map((region) => databases.of(region));
    for (const table of names) {
      const rows = await Promise.all(
        places.map((place) => place.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)),
      );
      found[table] = rows.reduce((sum, [row]) => sum + row!.n, 0);
    }
  }
  return found;
}

it('fills every context, the same when done again, and more when more is asked for', async () => {
  const platformFor = (name: string) => platforms.get(name)!;
  const small = { products: 225, customers: 20 };
  const seeded = await seedAll(platformFor, small);
  const first = await counts();
  assert.deepEqual(
    [first.products, first.variant_sellers, first.prices, first.sellers, first.warehouse, first.users],
    [225, seeded.variants, seeded.variants * 5, 40, 12, 20 + 40 + 7],
  );
  assert.ok(seeded.orders > 20);
  assert.deepEqual([first.orders, first.payments], [seeded.orders, seeded.orders]);

  await seedAll(platformFor, small);
  assert.deepEqual(await counts(), first);

  await seedAll(platformFor, { ...small, products: 300 });
  const wider = await counts();
  assert.deepEqual([wider.products, wider.users], [300, first.users]);
  assert.equal(wider.orders, wider.payments);
});

it('npm run seed says in one sentence what it does not understand', async () => {
  for (const args of [
    ['--products', 'many'],
    ['--products', '0'],
    ['--product', '5'],
    ['--customers', '-1'],
  ]) {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) => {
      const child = execFile(
        process.execPath,
        ['local/seed.ts', ...args],
        { cwd: ROOT, timeout: 30_000 },
        (error, _, text) => done({ code: error?.code, stderr: text }),
      );
      child.stdin?.end();
    });
    assert.equal(code, 1, args.join(' '));
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.match(stderr, /--(products|customers)/);
  }
});
