import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sql } from '@aisle/platform/stores';
import { decodeCursor, encodeCursor, isAfter, type Position } from './cursor.ts';
import { follow } from './follow.ts';
import type { PlacedStep } from './steps.ts';
import type { Listener } from './tailer.ts';

/** A region's stream in memory: a store to read from, and a tailer that tells one listener. */
function stream() {
  const rows: PlacedStep[] = [];
  let listener: Listener | undefined;
  let position: Position = { xact: 0n, seq: 0n };
  let reads = 0;
  const sql: Sql = {
    async query(_, params = []) {
      reads++;
      const [ax, as, ux, us, , limit, orderId] = params as [
        string,
        string,
        string,
        string,
        string,
        number,
        string?,
      ];
      const after = { xact: BigInt(ax), seq: BigInt(as) };
      const until = { xact: BigInt(ux), seq: BigInt(us) };
      const page = rows.filter(
        (row) => isAfter(row, after) && !isAfter(row, until) && (!orderId || row.step.orderId === orderId),
      );
      return page.slice(0, limit).map(({ xact, seq, step }) => ({
        ...{ xact: String(xact), seq, order_id: step.orderId, user_id: step.userId, step: step.step },
        ...{ status: step.status, detail: null, at: new Date(step.at), is_safe: true },
      })) as never;
    },
  };
  const tailer = {
    async join(one: Listener) {
      listener = one;
    },
    leave: () => {
      listener = undefined;
    },
    get position() {
      return position;
    },
  };
  const tell = (count: number, orderId = 'ord_eu_a') => {
    for (let i = 0; i < count; i++) {
      const at = { xact: BigInt(rows.length + 1), seq: BigInt(rows.length + 1) };
      const cursor = encodeCursor('eu', at);
      const step = {
        cursor,
        orderId,
        userId: 'usr_eu_a',
        region: 'eu',
        step: 'PLACED',
        status: 'PENDING',
        detail: null,
        at: 0,
      } as const;
      rows.push({ ...at, step });
      position = at;
      listener?.push(rows.at(-1)!);
    }
  };
  return { sql, tailer, tell, rows, reads: () => reads, isHeard: () => listener !== undefined };
}

const filter = { region: 'eu', userId: 'usr_eu_a', orderId: undefined, after: undefined } as const;
const take = async (steps: AsyncIterator<{ cursor: string }>, count: number) => {
  const cursors: string[] = [];
  for (let i = 0; i < count; i++) cursors.push((await steps.next()).value.cursor);
  return cursors;
};
const cursors = (rows: readonly PlacedStep[]) => rows.map(({ step }) => step.cursor);

test('a subscriber that is slower than its buffer reads from the store, and misses nothing', async () => {
  const { sql, tailer, tell, rows, reads } = stream();
  const steps = await follow(sql, tailer, filter);
  tell(3);
  assert.deepEqual(await take(steps, 3), cursors(rows));
  tell(1_000);
  assert.deepEqual(await take(steps, 1_000), cursors(rows.slice(3)));
  tell(2);
  assert.deepEqual(await take(steps, 2), cursors(rows.slice(1_003)));
  const before = reads();
  tell(5);
  assert.deepEqual(await take(steps, 5), cursors(rows.slice(1_005)));
  assert.equal(reads(), before, 'what fits in the buffer is not read again');
});

test('steps that come while the past is being read come once', async () => {
  const { sql, tailer, tell, rows } = stream();
  tell(250);
  const steps = await follow(sql, tailer, { ...filter, after: encodeCursor('eu', { xact: 0n, seq: 0n }) });
  const first = await take(steps, 120);
  tell(300);
  const rest = await take(steps, 430);
  assert.deepEqual([...first, ...rest], cursors(rows));
});

test('one order is told from its first step, without the others', async () => {
  const { sql, tailer, tell, rows } = stream();
  tell(2, 'ord_eu_a');
  tell(2, 'ord_eu_b');
  const steps = await follow(sql, tailer, { ...filter, orderId: 'ord_eu_b' });
  tell(1, 'ord_eu_a');
  tell(1, 'ord_eu_b');
  assert.deepEqual(await take(steps, 3), cursors([rows[2]!, rows[3]!, rows[5]!]));
});

test('ending it ends a wait, and it is forgotten', async () => {
  const { sql, tailer, isHeard } = stream();
  const steps = await follow(sql, tailer, filter);
  const waiting = steps.next();
  await new Promise((resolve) => setImmediate(resolve));
  await steps.return?.();
  assert.equal((await waiting).done, true);
  assert.equal(isHeard(), false);
});

test('cursors are of one region, and nothing else is one', () => {
  const at = { xact: 12n, seq: 34n };
  assert.deepEqual(decodeCursor('eu', encodeCursor('eu', at)), at);
  const bad = [
    encodeCursor('us', at),
    '',
    'x',
    Buffer.from('eu.1').toString('base64url'),
    Buffer.from('eu.-1.1').toString('base64url'),
  ];
  for (const text of [...bad, encodeCursor('eu', { xact: 1n, seq: 2n ** 63n }), 'e'.repeat(200)]) {
    assert.equal(decodeCursor('eu', text), undefined, text);
  }
});
