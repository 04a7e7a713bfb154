import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Mongo, openMongo } from '@aisle/platform/stores';
import { ListQueuesCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import pg from 'pg';
import { INVARIANTS } from '../../audit/audit.ts';
import { openStores, type Stores } from '../../audit/stores.ts';
import { document } from '../../clients/shop/api.ts';
import { runningInstance } from '../../local/home.ts';
import { fillCart, type Marketplace, newBuyer, startMarketplace } from './marketplace.ts';

let market: Marketplace;
let env: Record<string, string>;
let stores: Stores;
let eu: pg.Pool;
let global: pg.Pool;
let mongo: Mongo;
const redis = () => stores.redis;
/** A confirmed order of this test, and one of its SKUs. */
let orderId: string;
let sku: string;

before(async () => {
  market = await startMarketplace();
  env = runningInstance(market.home)!.env;
  stores = await openStores(env, ['orders', 'pricing'], join(market.home, 'logs'));
  eu = new pg.Pool({ connectionString: env.DATABASE_URL_EU });
  global = new pg.Pool({ connectionString: env.DATABASE_URL });
  mongo = await openMongo(env.MONGODB_URL!, 'catalogue');
  const buyer = await newBuyer(market, 'Audited');
  ({ sku } = await market.shelf(50));
  const input = await fillCart(market, buyer, sku);
  orderId = (await market.ask(document('place-order'), { input }, buyer.token)).data.placeOrder.order.id;
});
after(async () => {
  await Promise.all([stores?.close(), eu?.end(), global?.end(), mongo?.close()]);
  await market?.stop();
});

/** What an invariant finds now. */
const findings = async (id: string) =>
  (await INVARIANTS.find((each) => each.id === id)!.check(stores)).violations;

/** Breaks something by hand, sees that the invariant says so, and mends it again. */
async function breaks(
  id: string,
  plant: () => Promise<unknown>,
  mend: () => Promise<unknown>,
): Promise<void> {
  await plant();
  try {
    assert.notDeepEqual(await findings(id), []);
  } finally {
    await mend();
  }
  // Looking for secrets everywhere takes its time: that all are gone is seen once, at the end.
  if (id !== '11') assert.deepEqual(await findings(id), []);
}

/** A change of rows in the EU's database, and the same backwards. */
const sql =
  (id: string, text: string, back: string, pool = () => eu) =>
  () =>
    breaks(
      id,
      () => pool().query(text.replaceAll('$order', `'${orderId}'`).replaceAll('$sku', `'${sku}'`)),
      () => pool().query(back.replaceAll('$order', `'${orderId}'`).replaceAll('$sku', `'${sku}'`)),
    );
const CARD = '4242 4242 4242 4242';

const stockKey = async () => {
  for await (const keys of redis().scanIterator({ MATCH: `inventory:{eu:*}:stock:${sku}`, COUNT: 10_000 }))
    if (keys[0]) return keys[0];
  throw new Error('The variant has no counters.');
};
const counter = (field: 'o' | 'h' | 's', by: number) => async () => {
  const key = await stockKey();
  const name = Object.keys(await redis().hGetAll(key)).find((each) => each.startsWith(`${field}:`))!;
  await breaks(
    '1',
    () => redis().hIncrBy(key, name, by),
    () => redis().hIncrBy(key, name, -by),
  );
};

const plants: Record<string, () => Promise<void>> = {
  'Redis: a unit more than the ledger has': counter('o', 1),
  'Redis: a unit less held than there is': counter('h', -1),
  'Redis: units held for nobody': counter('h', 1),
  'ledger: a sale is booked twice': sql(
    '2',
    `INSERT INTO inventory.ledger (part, sku, warehouse_id, kind, ref, order_id, on_hand, sold) SELECT part, sku, warehouse_id, kind, 'twice', order_id, on_hand, sold FROM inventory.ledger WHERE order_id = $order AND kind = 'SALE'`,
    `DELETE FROM inventory.ledger WHERE ref = 'twice'`,
  ),
  'payments: less captured than the order costs': sql(
    '3',
    'UPDATE payments.payments SET captured = captured - 1 WHERE order_id = $order',
    'UPDATE payments.payments SET captured = captured + 1 WHERE order_id = $order',
  ),
  'orders: one that the provider knows of is said to be cancelled': sql(
    '3',
    `UPDATE orders.orders SET status = 'CANCELLED', cause = '{}' WHERE id = $order`,
    `UPDATE orders.orders SET status = 'CONFIRMED', cause = NULL WHERE id = $order`,
  ),
  'orders: a seller’s share is missing': sql(
    '4',
    `UPDATE orders.seller_orders SET order_id = (SELECT id FROM orders.orders WHERE id <> $order LIMIT 1), position = 99 WHERE order_id = $order`,
    `UPDATE orders.seller_orders SET order_id = $order, position = 0 WHERE position = 99`,
  ),
  'orders: a saga that hangs': sql(
    '5',
    `UPDATE orders.saga SET finished_at = NULL, owner = 'nobody', due_at = now() + interval '1 hour', deadline = now() - interval '1 hour' WHERE id = $order`,
    `UPDATE orders.saga SET finished_at = now(), owner = NULL WHERE id = $order`,
  ),
  'outbox: an event is lost': sql(
    '6',
    `UPDATE orders.outbox SET subject = 'ord_eu_lost' WHERE subject = $order AND type = 'OrderConfirmed.v1'`,
    `UPDATE orders.outbox SET subject = $order WHERE subject = 'ord_eu_lost'`,
  ),
  'outbox: the payment’s event is lost': sql(
    '6',
    `UPDATE payments.outbox SET subject = 'pay_eu_lost' || subject WHERE type = 'PaymentCompleted.v1' AND subject = (SELECT id FROM payments.payments WHERE order_id = $order)`,
    `UPDATE payments.outbox SET subject = substr(subject, 12) WHERE subject LIKE 'pay_eu_lost%'`,
  ),
  'outbox: a payment is said to be completed twice': sql(
    '6',
    `INSERT INTO payments.outbox (id, type, subject, version, event, sent_at) SELECT 'evt_eu_twice', type, subject, version + 1, event, now() FROM payments.outbox WHERE type = 'PaymentCompleted.v1' AND subject = (SELECT id FROM payments.payments WHERE order_id = $order)`,
    `DELETE FROM payments.outbox WHERE id = 'evt_eu_twice'`,
  ),
  'MongoDB: an event that no relay has sent': () => {
    const events = mongo.db.collection<{ _id: string }>('outbox');
    const leased = { leasedBy: 'nobody', leasedUntil: Date.now() + 3_600_000, tries: 0 };
    const event = { type: 'ProductChanged.v1', subject: 'prd_planted' };
    const held = { _id: 'evt_held', event, createdAt: Date.now() - 3_600_000, sentAt: null, ...leased };
    return breaks(
      '6',
      () => events.insertOne(held),
      () => events.deleteOne({ _id: held._id }),
    );
  },
  'pricing: a variant is thought to be another seller’s': sql(
    '7',
    `UPDATE pricing.variant_sellers SET seller_id = 'x' || seller_id WHERE sku = $sku`,
    `UPDATE pricing.variant_sellers SET seller_id = substr(seller_id, 2) WHERE sku = $sku`,
    () => global,
  ),
  'MongoDB: a product is another seller’s than all others know': async () => {
    const products = mongo.db.collection('products');
    const product = (await products.findOne({ 'variants.sku': sku }))!;
    const to = (sellerId: unknown) => products.updateOne({ _id: product._id }, { $set: { sellerId } });
    await breaks(
      '7',
      () => to('sel_other000'),
      () => to(product.sellerId),
    );
  },
  'idempotency: a key stands for an order that does not exist': sql(
    '8',
    `INSERT INTO orders.idempotency (scope, key, input_hash, answer, claimed_until, expires_at) VALUES ('placeOrder:usr_eu_x', 'planted-key', '', '{"orderId":"ord_eu_none"}', now(), now() + interval '1 hour')`,
    `DELETE FROM orders.idempotency WHERE key = 'planted-key'`,
  ),
  'progress: a step is missing': sql(
    '9',
    `UPDATE orders.order_progress SET order_id = 'ord_eu_lost' WHERE order_id = $order AND step = 'STOCK_RESERVED'`,
    `UPDATE orders.order_progress SET order_id = $order WHERE order_id = 'ord_eu_lost'`,
  ),
  'payments: an order is paid by somebody else': sql(
    '10',
    `UPDATE payments.payments SET user_id = user_id || 'x' WHERE order_id = $order`,
    `UPDATE payments.payments SET user_id = left(user_id, -1) WHERE order_id = $order`,
  ),
  'carts: one of another region': sql(
    '10',
    `INSERT INTO cart.cart SELECT 'crt_us_stray', owner, version, revision, lines, checkout, merged, merge_key, updated_at, abandoned_at FROM cart.cart LIMIT 1`,
    `DELETE FROM cart.cart WHERE id = 'crt_us_stray'`,
  ),
  'PostgreSQL: a card number in an address': sql(
    '11',
    `UPDATE orders.orders SET address = address || '{"line2":"${CARD}"}' WHERE id = $order`,
    `UPDATE orders.orders SET address = address || '{"line2":null}' WHERE id = $order`,
  ),
  'PostgreSQL: a card number that is called a token': sql(
    '11',
    `UPDATE payments.payments SET return_url = 'pm_4242424242424242' WHERE order_id = $order`,
    'UPDATE payments.payments SET return_url = NULL WHERE order_id = $order',
  ),
  'Redis: an access token': () =>
    breaks(
      '11',
      () => redis().set('planted', 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJl'),
      () => redis().del('planted'),
    ),
  'MongoDB: a card number in a description': async () => {
    const products = mongo.db.collection('products');
    const { _id, description } = (await products.findOne({ 'variants.sku': sku }))!;
    const say = (text: string) => products.updateOne({ _id }, { $set: { description: text } });
    await breaks(
      '11',
      () => say(`Paid with ${CARD}.`),
      () => say(description),
    );
  },
  'DLQ: a password hash in a dead letter': async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sqs = new SQSClient({ endpoint: env.AWS_ENDPOINT_URL, region: env.AWS_REGION, credentials });
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const QueueUrl = QueueUrls.find((url) => url.endsWith('orders-dlq'));
    const event = { specversion: '1.0', id: 'evt_bad', type: 'X.v1', data: { hash: '$argon2id$v=19$m=1' } };
    await breaks(
      '11',
      () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) })),
      () => sqs.send(new PurgeQueueCommand({ QueueUrl })),
    );
    sqs.destroy();
  },
  'pricing: the locked quote says another amount': sql(
    '12',
    `UPDATE pricing.quotes SET net = net + 1, total = total + 1 WHERE locked_for = $order`,
    `UPDATE pricing.quotes SET net = net - 1, total = total - 1 WHERE locked_for = $order`,
  ),
  'orders: a line has another price than its quote, the sums left as they were': sql(
    '12',
    `UPDATE orders.orders SET lines = jsonb_set(lines, '{0,unitPrice}', to_jsonb((lines->0->>'unitPrice')::int + 1)) WHERE id = $order`,
    `UPDATE orders.orders SET lines = jsonb_set(lines, '{0,unitPrice}', to_jsonb((lines->0->>'unitPrice')::int - 1)) WHERE id = $order`,
  ),
  'refunds: given back without a refund': sql(
    '13',
    'UPDATE payments.payments SET refunded = refunded + 1, promised = promised + 1 WHERE order_id = $order',
    'UPDATE payments.payments SET refunded = refunded - 1, promised = promised - 1 WHERE order_id = $order',
  ),
  'refunds: more than was captured': sql(
    '13',
    `INSERT INTO payments.refunds (id, order_id, key, currency, amount, reason, status, created_at) VALUES ('rfd_eu_planted', $order, 'planted', 'EUR', 99999999, '', 'succeeded', now())`,
    `DELETE FROM payments.refunds WHERE id = 'rfd_eu_planted'`,
  ),
};

test('untouched, every invariant holds', async () => {
  for (const { id } of INVARIANTS) assert.deepEqual(await findings(id), [], id);
});

for (const [what, plant] of Object.entries(plants)) test(`it finds: ${what}`, plant);

test('the command says so, a line for each, and exits 1', async () => {
  await eu.query(`UPDATE payments.payments SET captured = captured - 1 WHERE order_id = '${orderId}'`);
  const { code, output } = await market.run('audit');
  await eu.query(`UPDATE payments.payments SET captured = captured + 1 WHERE order_id = '${orderId}'`);
  assert.equal(code, 1);
  assert.match(output, /FAIL {2}3 .*\n .*captured/);
  assert.match(output, /ok {4}1 {2}stock/);
});

test('mended, nothing is left to find; then a card number comes into a log', async () => {
  assert.deepEqual(await findings('11'), []);
  appendFileSync(join(market.home, 'logs', 'planted.log'), `paid with ${CARD}\n`);
  assert.notDeepEqual(await findings('11'), []);
});
