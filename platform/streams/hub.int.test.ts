import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type FreshStores, freshStores } from '../../test/testkit/index.ts';
import { silentLog } from '../log/index.ts';
import { openRedis, type Redis } from '../stores/index.ts';
import type { Followed, Follower } from './follower.ts';
import { createStreamHub, type StreamHub } from './hub.ts';
import { readCursor, writeCursor } from './ids.ts';

const streams = { a: 'test:{a}', b: 'test:{b}' };
let stores: FreshStores;
let redis: Redis;
let hub: StreamHub;

const add = (stream: 'a' | 'b', topic: string, n: number) =>
  redis.xAdd(streams[stream], '*', { topic, n: String(n) });
const openHub = (buffer = 256) =>
  createStreamHub({ redis, streams, log: silentLog, buffer, topicOf: ({ fields }) => fields.topic ?? '' });

async function take(follower: Follower, count: number): Promise<Followed[]> {
  const taken: Followed[] = [];
  while (taken.length < count) taken.push((await follower.next()).value as Followed);
  return taken;
}
const numbers = (followed: readonly Followed[]) =>
  followed.map(({ entry, lost }) => (lost ? 'lost' : Number(entry!.fields.n)));

before(async () => {
  stores = await freshStores();
  redis = await openRedis(stores.env.REDIS_URL, silentLog);
});
beforeEach(async () => {
  await hub?.stop();
  await redis.flushDb();
  hub = openHub();
});
after(async () => {
  await hub.stop();
  redis.destroy();
  await stores.drop();
});

test('a follower gets what is added from now on, of its topics only', async () => {
  await add('a', 'milk', 1);
  const follower = await hub.follow({ streams: ['a'], topics: ['milk'] });
  await add('a', 'bread', 2);
  await add('a', 'milk', 3);
  await add('b', 'milk', 4);
  await add('a', 'milk', 5);
  assert.deepEqual(numbers(await take(follower, 2)), [3, 5]);
});

test('a cursor resumes over several streams without gap or duplicate, whatever came in between', async () => {
  const first = await hub.follow({ streams: ['a', 'b'], topics: ['milk'] });
  for (let n = 0; n < 6; n++) await add(n % 2 === 0 ? 'a' : 'b', 'milk', n);
  const seen = await take(first, 3);
  await first.return();
  for (let n = 6; n < 500; n++) await add(n % 2 === 0 ? 'a' : 'b', n % 3 === 0 ? 'bread' : 'milk', n);
  const cursor = readCursor(writeCursor(seen[2]!.positions), ['a', 'b'])!;
  const second = await hub.follow({ streams: ['a', 'b'], topics: ['milk'], after: cursor });
  const expected = Array.from({ length: 500 }, (_, n) => n).filter((n) => n < 6 || n % 3 !== 0);
  const rest = await take(second, expected.length - 3);
  assert.deepEqual(
    [...numbers(seen), ...numbers(rest)].sort((x, y) => Number(x) - Number(y)),
    expected,
  );
});

test('a follower too slow for its buffer still gets everything, in order', async () => {
  hub = openHub(5);
  const slow = await hub.follow({ streams: ['a'], topics: ['milk'] });
  await add('a', 'milk', 0);
  assert.deepEqual(numbers(await take(slow, 1)), [0]);
  for (let n = 1; n < 300; n++) await add('a', 'milk', n);
  assert.deepEqual(
    numbers(await take(slow, 299)),
    Array.from({ length: 299 }, (_, n) => n + 1),
  );
});

test('two followers of one topic each get every entry', async () => {
  const both = await Promise.all([
    hub.follow({ streams: ['a'], topics: ['milk'] }),
    hub.follow({ streams: ['a'], topics: ['milk'] }),
  ]);
  for (let n = 0; n < 50; n++) await add('a', 'milk', n);
  const taken = await Promise.all(both.map((follower) => take(follower, 50)));
  for (const list of taken)
    assert.deepEqual(
      numbers(list),
      Array.from({ length: 50 }, (_, n) => n),
    );
});

test('a cursor whose changes are no longer kept is told so, and goes on from now', async () => {
  const first = await hub.follow({ streams: ['a'], topics: ['milk'] });
  await add('a', 'milk', 1);
  const [seen] = await take(first, 1);
  await first.return();
  for (let n = 2; n < 10; n++) await add('a', 'milk', n);
  await redis.xTrim(streams.a, 'MAXLEN', 2);
  const second = await hub.follow({ streams: ['a'], topics: ['milk'], after: seen!.positions });
  const [lost] = await take(second, 1);
  assert.equal(lost!.lost, true);
  await add('a', 'milk', 10);
  assert.deepEqual(numbers(await take(second, 1)), [10]);
});

test('a stream that vanished is told to whoever followed it', async () => {
  const follower = await hub.follow({ streams: ['a'], topics: ['milk'] });
  await add('a', 'milk', 1);
  await take(follower, 1);
  await redis.flushDb();
  assert.deepEqual(numbers(await take(follower, 1)), ['lost']);
  await add('a', 'milk', 2);
  assert.deepEqual(numbers(await take(follower, 1)), [2]);
});

test('a cursor that is not one, or of other streams, is not accepted', () => {
  for (const text of [
    '',
    'x',
    writeCursor({ c: '1-1' }),
    writeCursor({ a: '1-1' }),
    writeCursor({ a: '1-1', b: 'x' }),
  ])
    assert.equal(readCursor(text, ['a', 'b']), undefined);
  assert.deepEqual(readCursor(writeCursor({ a: '1-1', b: '0-0' }), ['a', 'b']), { a: '1-1', b: '0-0' });
});

test('ending a follower ends its wait', async () => {
  const follower = await hub.follow({ streams: ['a'], topics: ['milk'] });
  const waiting = follower.next();
  await follower.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
});
