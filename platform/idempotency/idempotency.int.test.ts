import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FreshStores, freshStores } from '../../test/testkit/index.ts';
import { PLATFORM_TABLES, prune } from '../pruning/index.ts';
import { type Database, migrate, openDatabase } from '../stores/index.ts';
import { answerKey, awaitAnswer, beginKey, findKey, hashInput, type IdempotentCall, once } from './index.ts';

let stores: FreshStores;
let one: Database;
/** Another process, as far as the store can tell. */
let two: Database;
let key = 0;

before(async () => {
  stores = await freshStores();
  const open = () => openDatabase({ url: stores.env.DATABASE_URL, schema: 'shop', region: 'eu' });
  [one, two] = [open(), open()];
  await migrate(one, 'shop', [join(import.meta.dirname, 'sql')]);
  await one.query('CREATE TABLE effects (key text)');
});
after(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await stores?.drop();
});

const call = (input: unknown = { amount: 1 }, name = `key-${++key}`): IdempotentCall => ({
  scope: 'buy:usr_1',
  key: name,
  inputHash: hashInput(input),
});
const effect = (mine: IdempotentCall, answer: unknown, database = one) =>
  once(database, mine, async (tx) => {
    await tx.query('INSERT INTO effects VALUES ($1)', [mine.key]);
    return answer;
  });
const effects = async ({ key: name }: IdempotentCall) =>
  (await one.query('SELECT 1 FROM effects WHERE key = $1', [name])).length;

test('the first call works, the same call again gets its answer, another input is refused', async () => {
  const mine = call();
  assert.deepEqual(await effect(mine, { id: 7 }), { kind: 'done', answer: { id: 7 }, replayed: false });
  assert.deepEqual(await effect(mine, { id: 8 }), { kind: 'done', answer: { id: 7 }, replayed: true });
  assert.deepEqual(await effect({ ...mine, inputHash: hashInput({ amount: 2 }) }, {}), {
    kind: 'reused-with-other-input',
  });
  assert.equal(await effects(mine), 1);
});

test('an answer of nothing is an answer', async () => {
  const mine = call();
  await effect(mine, null);
  assert.deepEqual(await effect(mine, 1), { kind: 'done', answer: null, replayed: true });
});

test('20 at once, over two connections’ pools: one effect, 20 equal answers', async () => {
  const mine = call();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => effect(mine, { i }, i % 2 ? one : two)),
  );
  const answers = outcomes.map((outcome) => JSON.stringify(outcome.kind === 'done' && outcome.answer));
  assert.equal(new Set(answers).size, 1);
  assert.equal(outcomes.filter((outcome) => outcome.kind === 'done' && !outcome.replayed).length, 1);
  assert.equal(await effects(mine), 1);
});

test('a call that fails leaves neither an effect nor its key', async () => {
  const mine = call();
  const failing = once(one, mine, async (tx) => {
    await tx.query('INSERT INTO effects VALUES ($1)', [mine.key]);
    throw new Error('no');
  });
  await assert.rejects(failing, /no/);
  assert.equal(await effects(mine), 0);
  assert.equal((await effect(mine, 1)).kind, 'done');
});

test('the second of two waits for the first, and not for ever', async () => {
  const mine = call();
  const { promise: isHolding, resolve: holds } = Promise.withResolvers<void>();
  const { promise: mayGo, resolve: go } = Promise.withResolvers<void>();
  const first = once(one, mine, async () => {
    holds();
    await mayGo;
    return 'first';
  });
  await isHolding;
  assert.deepEqual(await once(two, mine, async () => 'second', 80), { kind: 'in-progress' });
  const second = once(two, mine, async () => 'second', 5_000);
  go();
  assert.deepEqual(await first, { kind: 'done', answer: 'first', replayed: false });
  assert.deepEqual(await second, { kind: 'done', answer: 'first', replayed: true });
});

test('a key taken in a commit of its own is in progress until it is answered', async () => {
  const mine = call();
  assert.deepEqual(await beginKey(one, mine), { kind: 'fresh' });
  assert.deepEqual(await beginKey(two, mine), { kind: 'in-progress' });
  assert.deepEqual(await awaitAnswer(two, mine, { timeoutMs: 50 }), { kind: 'in-progress' });
  const waiting = awaitAnswer(two, mine, { timeoutMs: 5_000 });
  await answerKey(one, mine, 'done');
  assert.deepEqual(await waiting, { kind: 'replay', answer: 'done' });
});

test('a call that died unanswered gives its key to the same call, and to no other', async () => {
  const mine = call();
  await beginKey(one, mine);
  await one.query("UPDATE idempotency SET claimed_until = now() - interval '1 s' WHERE key = $1", [mine.key]);
  assert.deepEqual(await beginKey(one, { ...mine, inputHash: 'other' }), { kind: 'reused-with-other-input' });
  assert.deepEqual(await beginKey(two, mine), { kind: 'fresh' });
});

test('expired keys are free, and are deleted in small steps', async () => {
  const mine = call();
  await effect(mine, 1);
  const expire = (keys: string[]) =>
    one.query("UPDATE idempotency SET expires_at = now() - interval '1 s' WHERE key = ANY($1)", [keys]);
  await expire([mine.key]);
  assert.equal(await findKey(one, mine), undefined);
  assert.deepEqual(await effect(mine, 2), { kind: 'done', answer: 2, replayed: false });
  const old = Array.from({ length: 7 }, () => call());
  for (const each of old) await effect(each, 1);
  await expire(old.map((each) => each.key));
  assert.equal(await prune(one, PLATFORM_TABLES.idempotency, 2, 2), 4);
  assert.equal(await prune(one, PLATFORM_TABLES.idempotency), 3);
  assert.equal((await findKey(one, mine))?.kind, 'replay');
});
