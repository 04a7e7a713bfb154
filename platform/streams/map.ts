import type { Followed, Follower } from './follower.ts';

/**
 * What followers get, as a subscription gives it out: each followed entry becomes any number of items.
 * Unlike an async generator, `return` ends a `next` that waits for the stream.
 */
export function mapFollowed<T>(
  follower: Follower,
  map: (followed: Followed) => Promise<readonly T[]> | readonly T[],
): AsyncIterableIterator<T> {
  let items: T[] = [];
  const iterator: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      while (items.length === 0) {
        const { done, value } = await follower.next();
        if (done) return { done: true, value: undefined };
        try {
          items = [...(await map(value))];
        } catch (error) {
          await follower.return();
          throw error;
        }
      }
      return { done: false, value: items.shift()! };
    },
    async return() {
      items = [];
      await follower.return();
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
