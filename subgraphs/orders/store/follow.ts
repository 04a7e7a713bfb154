import type { Sql } from '@aisle/platform/stores';
import { decodeCursor, isAfter, type Position } from './cursor.ts';
import type { Step, StepFilter } from './index.ts';
import { between, type PlacedStep } from './steps.ts';
import type { Listener, Tailer } from './tailer.ts';

/** Steps kept for a subscriber that is slow. What does not fit is read from the store again: slow, but nothing is lost. */
const BUFFER = 256;
const PAGE = 100;
const START: Position = { xact: 0n, seq: 0n };

/**
 * One subscriber's steps: first what is in the store after its cursor, then live ones. It goes back to the store when
 * it was too slow for its buffer. Never a gap, never one twice. From the moment this resolves nothing is missed.
 */
export async function follow(
  database: Sql,
  tailer: Pick<Tailer, 'join' | 'leave' | 'position'>,
  filter: StepFilter,
): Promise<AsyncIterableIterator<Step>> {
  const { region, userId, orderId } = filter;
  const given = filter.after === undefined ? undefined : decodeCursor(region, filter.after);
  let queue: PlacedStep[] = [];
  let isBehind = true;
  let isOver = false;
  let rouse = () => {};

  const listener: Listener = {
    userId,
    push(step) {
      if (isBehind || (orderId && step.step.orderId !== orderId)) return;
      if (queue.length >= BUFFER) {
        queue = [];
        isBehind = true;
      } else {
        queue.push(step);
      }
      rouse();
    },
  };

  await tailer.join(listener).catch((error: unknown) => {
    tailer.leave(listener);
    throw error;
  });
  let last: Position = given ?? (orderId ? START : tailer.position);

  async function* steps(): AsyncGenerator<Step, undefined> {
    while (!isOver) {
      if (isBehind) {
        isBehind = false;
        const until = tailer.position;
        for (let full = true; full && !isOver; ) {
          const page = await between(database, region, { after: last, until, userId, orderId }, PAGE);
          for (const step of page) {
            last = step;
            yield step.step;
          }
          full = page.length === PAGE;
        }
        continue;
      }
      const step = queue.shift();
      if (!step) {
        const { promise, resolve } = Promise.withResolvers<void>();
        rouse = resolve;
        await promise;
      } else if (isAfter(step, last)) {
        last = step;
        yield step.step;
      }
    }
  }

  const inner = steps();
  const leave = () => {
    isOver = true;
    tailer.leave(listener);
    rouse();
  };
  const iterator: AsyncIterableIterator<Step> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () =>
      inner.next().catch((error: unknown) => {
        leave();
        throw error;
      }),
    async return() {
      leave();
      await inner.return(undefined);
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
