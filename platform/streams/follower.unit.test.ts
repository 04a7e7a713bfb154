import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Redis } from '../stores/index.ts';
import { Follower } from './follower.ts';
import type { StreamEntry } from './streams.ts';

const entry = (n: number): StreamEntry => ({
  stream: 'a',
  id: `${n}-0`,
  fields: { topic: 'milk', n: String(n) },
});

/** A stream whose reads are answered when the test says so, and a hub that has offered up to `position`. */
function world() {
  const stored: StreamEntry[] = [];
  const reads: (() => void)[] = [];
  let position = '0-0';
  const redis = {
    xRange: (_: string, from: string) => {
      const after = Number(from.slice(1).split('-')[0]);
      const found = stored.filter(({ id }) => Number(id.split('-')[0]) > after);
      return new Promise((resolve) => {
        reads.push(() => resolve(found.map(({ id, fields }) => ({ id, message: fields }))));
      });
    },
  } as unknown as Redis;
  const follower = new Follower({
    redis,
    streams: { a: 'key' },
    wanted: ['a'],
    topics: ['milk'],
    from: { a: '0-0' },
    resumed: false,
    topicOf: ({ fields }) => fields.topic!,
    limit: 10,
    hubPositions: () => ({ a: position }),
    leave: () => {},
  });
  return {
    follower,
    store: (n: number) => stored.push(entry(n)),
    dispatch(n: number) {
      position = `${n}-0`;
      follower.offer(entry(n));
    },
    /** Answers the read that waits, as it was when it was sent. */
    async answer() {
      for (let i = 0; i < 100 && reads.length === 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 1));
      reads.shift()!();
    },
    next: async () => Number((await follower.next()).value?.entry?.fields.n),
  };
}

test('an entry that the hub offers while the follower still reads is not lost', async () => {
  const { store, dispatch, answer, next } = world();
  store(1);
  const first = next();
  store(2);
  dispatch(1);
  dispatch(2);
  await answer();
  assert.equal(await first, 1);
  const second = next();
  await answer();
  assert.equal(await second, 2);
});

test('an entry that was read already is not taken again when a slower hub offers it', async () => {
  const { store, dispatch, answer, next } = world();
  store(1);
  store(2);
  const first = next();
  await answer();
  assert.deepEqual([await first, await next()], [1, 2]);
  const third = next();
  dispatch(1);
  dispatch(2);
  dispatch(3);
  assert.equal(await third, 3);
});

test('the cursor covers what was read without being for the follower', async () => {
  const { follower, store, answer } = world();
  store(1);
  const first = follower.next();
  await answer();
  assert.deepEqual((await first).value?.positions, { a: '1-0' });
});
