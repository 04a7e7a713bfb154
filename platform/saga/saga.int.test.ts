import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { type FreshStores, freshStores, until } from '../../test/testkit/index.ts';
import { systemClock } from '../clock/index.ts';
import { silentLog } from '../log/index.ts';
import { type Database, migrate, openDatabase } from '../stores/index.ts';
import { createMeter } from '../telemetry/index.ts';
import {
  createSagaRunner,
  insertSaga,
  type SagaRunner,
  type SagaTimes,
  stuckSagas,
  watchSagas,
} from './index.ts';
import { type TripCommand, type TripFact, type TripState, trip } from './test-saga.ts';

let stores: FreshStores;
let database: Database;
let number = 0;
const runners: SagaRunner<TripState, string, TripFact>[] = [];
const done: string[] = [];
let perform: (command: TripCommand) => Promise<string> | string = () => 'ok';

before(async () => {
  stores = await freshStores();
  database = openDatabase({ url: stores.env.DATABASE_URL, schema: 'travel', region: 'eu' });
  await migrate(database, 'travel', [join(import.meta.dirname, 'sql')]);
  await database.query('CREATE TABLE facts (seq bigserial, id text, type text, at timestamptz)');
});
after(async () => {
  await database?.close();
  await stores?.drop();
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  await database.query('DELETE FROM saga');
  perform = () => 'ok';
  done.length = 0;
});

/** A process, as far as the store can tell. Its effects are recorded as `<command> <saga>`. */
function runner(times: Partial<SagaTimes> = {}, sweep = true, maxTakeOvers = 32) {
  const made = createSagaRunner({
    definition: trip,
    databases: [database],
    async perform(command: TripCommand) {
      const answer = await perform(command);
      done.push(`${command.name} ${command.id}`);
      return answer;
    },
    saver: {
      sql: ', told AS (INSERT INTO facts (id, type, at) SELECT f.* FROM saved, jsonb_to_recordset($15::jsonb) AS f (id text, type text, at timestamptz))',
      params: ({ id, facts }) => [
        JSON.stringify(facts.map(({ fact, at }) => ({ id, type: fact.type, at: new Date(at) }))),
      ],
    },
    times: { leaseMs: 400, mergeMs: 50, inlineRetriesMs: [5, 10], maxRetryMs: 100, tryMs: 300, ...times },
    sweepMs: 40,
    maxTakeOvers,
    drainMs: 500,
    crash: () => {},
    clock: systemClock,
    log: silentLog,
  });
  if (sweep) made.start();
  runners.push(made);
  return made;
}

async function begin(made: ReturnType<typeof runner>, more: { steps?: 'soon' } = {}) {
  const id = `trip-${++number}`;
  const state: TripState = { at: 'booking', id, ...more };
  await database.query(insertSaga(1), made.insertParams(id, state));
  return { id, end: made.begin(database, id, state) };
}
const row = async (id: string) => {
  const [found] = await database.query<{
    step: string;
    state: { how?: string };
    finished: boolean;
    attempts: number;
    owner: string | null;
    version: number;
  }>('SELECT *, finished_at IS NOT NULL AS finished FROM saga WHERE id = $1', [id]);
  return found!;
};
const facts = async (id: string) =>
  (await database.query<{ type: string }>('SELECT type FROM facts WHERE id = $1 ORDER BY seq', [id])).map(
    ({ type }) => type,
  );
const over = (id: string) => until(async () => (await row(id)).finished);

test('it runs in the process that created it, and stores each step with its facts', async () => {
  const { id, end } = await begin(runner({}, false));
  const { kind, state, facts: told } = await end;
  assert.deepEqual(
    [kind, state.at, told.map(({ fact }) => fact.type)],
    ['completed', 'over', ['booked', 'paid']],
  );
  assert.deepEqual(await facts(id), ['booked', 'paid']);
  const { finished, version } = await row(id);
  assert.deepEqual([finished, version], [true, 3], 'two commits after the first');
});

test('steps that may be done twice are stored together; each keeps its own time', async () => {
  perform = async ({ name }) => {
    if (name === 'pay') await new Promise((resolve) => setTimeout(resolve, 15));
    return 'ok';
  };
  const { id, end } = await begin(runner({}, false), { steps: 'soon' });
  const { facts: told } = await end;
  assert.deepEqual(await facts(id), ['booked', 'paid']);
  assert.equal((await row(id)).version, 2, 'one commit less');
  assert.ok(told[1]!.at - told[0]!.at >= 14);
});

test('a step that waits to be stored is stored after the merge window, when the next takes longer', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  perform = async ({ name }) => {
    if (name === 'pay') await promise;
    return 'ok';
  };
  const { id, end } = await begin(runner({ leaseMs: 5_000, tryMs: 5_000 }, false), { steps: 'soon' });
  await until(async () => (await facts(id)).length === 1);
  resolve();
  assert.equal((await end).kind, 'completed');
});

test('a command without an answer is sent again; the saga ends once', async () => {
  let failures = 2;
  perform = ({ name }) => {
    if (name === 'book' && failures-- > 0) throw new Error('lost');
    return 'ok';
  };
  const { id, end } = await begin(runner());
  assert.equal((await end).kind, 'completed');
  assert.deepEqual(done.sort(), [`book ${id}`, `pay ${id}`, `reserve ${id}`]);
});

test('after a few quick tries it is parked, and tried again later, by whoever comes first', async () => {
  let failures = 8;
  perform = ({ name }) => {
    if (name === 'book' && failures-- > 0) throw new Error('down');
    return 'ok';
  };
  const first = runner({}, false);
  const { id, end } = await begin(first);
  assert.equal((await end).kind, 'detached');
  const { owner, attempts } = await row(id);
  assert.deepEqual([owner, attempts], [null, 1]);
  runner();
  await over(id);
  assert.equal((await row(id)).state.how, 'paid');
});

test('a step has a deadline, and then the saga decides: here it goes back', async () => {
  perform = ({ name }) => {
    if (name === 'pay') throw new Error('down');
    return 'ok';
  };
  const { id } = await begin(runner());
  await over(id);
  assert.equal((await row(id)).state.how, 'undone');
  assert.deepEqual(await facts(id), ['booked', 'undoing', 'undone']);
});

test('the way back is repeated until it is done', async () => {
  let failures = 7;
  perform = ({ name }) => {
    if (name === 'pay' || (name === 'undo' && failures-- > 0)) throw new Error('down');
    return 'ok';
  };
  const { id } = await begin(runner());
  await over(id);
  assert.equal((await row(id)).state.how, 'undone');
});

test('it waits for a signal: told while it waits, before it waits, twice', async () => {
  perform = ({ name }) => (name === 'book' ? 'wait' : 'ok');
  const made = runner();
  const { id, end } = await begin(made);
  assert.equal((await end).kind, 'waiting');
  assert.equal(await made.signal(database, id, 'noise'), true);
  await made.wake(database, id);
  assert.equal(await made.signal(database, id, 'go'), true);
  // The second may find it over already.
  await made.signal(database, id, 'go');
  await made.wake(database, id);
  await over(id);
  assert.equal(await made.signal(database, id, 'late'), false);
  assert.deepEqual(
    done.filter((effect) => effect === `pay ${id}`),
    [`pay ${id}`],
  );

  const { promise, resolve } = Promise.withResolvers<void>();
  perform = async ({ name }) => {
    if (name !== 'book') return 'ok';
    await promise;
    return 'wait';
  };
  const early = await begin(made);
  await made.signal(database, early.id, 'go');
  resolve();
  assert.equal((await early.end).kind, 'completed');
});

test('a signal for a saga that waits in no process’s memory is acted on by any', async () => {
  perform = ({ name }) => (name === 'book' ? 'wait' : 'ok');
  const first = runner({}, false);
  const { id, end } = await begin(first);
  await end;
  await first.stop();
  const other = runner();
  await other.signal(database, id, 'go');
  await over(id);
  assert.equal((await row(id)).state.how, 'paid');
});

test('the wait has an end, which a restart does not put off', async () => {
  perform = ({ name }) => (name === 'book' ? 'wait' : 'ok');
  const { id, end } = await begin(runner({}, false));
  await end;
  const since = performance.now();
  const made = runner();
  await made.wake(database, id);
  await over(id);
  assert.equal((await row(id)).state.how, 'undone');
  assert.ok(performance.now() - since < 1_000);
});

test('when a process dies, another goes on from the last commit when the lease ends', async () => {
  const dead = runner({}, false);
  const { promise, resolve } = Promise.withResolvers<void>();
  perform = ({ name }) => (name === 'pay' ? promise.then(() => 'ok') : 'ok');
  const { id, end } = await begin(dead, {});
  await until(async () => (await row(id)).step === 'paying');
  perform = () => 'ok';
  runner();
  await over(id);
  assert.deepEqual(await facts(id), ['booked', 'paid']);
  // The first was only slow: it has lost the lease, can store nothing, and says so.
  resolve();
  assert.equal((await end).kind, 'detached');
  assert.deepEqual(await facts(id), ['booked', 'paid']);
});

test('a long step keeps its lease: nobody takes it over', async () => {
  const slow = runner({ tryMs: 5_000 });
  runner({ tryMs: 5_000 });
  let tries = 0;
  perform = async ({ name }) => {
    if (name === 'book') {
      tries++;
      await new Promise((resolve) => setTimeout(resolve, 1_200));
    }
    return 'ok';
  };
  const { end } = await begin(slow);
  assert.equal((await end).kind, 'completed');
  assert.equal(tries, 1);
});

test('two runners on a hundred abandoned sagas: each is ended once, by one of them', async () => {
  const gone = runner({ leaseMs: 1 }, false);
  const ids = Array.from({ length: 100 }, () => `trip-${++number}`);
  for (const id of ids) await database.query(insertSaga(1), gone.insertParams(id, { at: 'booking', id }));
  runner({ leaseMs: 5_000 });
  runner({ leaseMs: 5_000 });
  await until(
    async () => (await database.query('SELECT 1 FROM saga WHERE finished_at IS NULL')).length === 0,
    { ms: 10_000 },
  );
  for (const id of ids) assert.deepEqual(await facts(id), ['booked', 'paid']);
  assert.equal(done.length, 300, 'no effect was done twice');
});

test('a runner that stops gives its sagas to others at once', async () => {
  const leaving = runner({ leaseMs: 60_000, tryMs: 100 });
  perform = () => new Promise((_, reject) => setTimeout(() => reject(new Error('down')), 20));
  const { id, end } = await begin(leaving);
  await leaving.stop();
  assert.equal((await end).kind, 'detached');
  perform = () => 'ok';
  runner();
  await over(id);
});

test('many sagas of its own do not keep a runner from taking over', async () => {
  const gone = runner({ leaseMs: 1 }, false);
  const id = `trip-${++number}`;
  await database.query(insertSaga(1), gone.insertParams(id, { at: 'booking', id }));
  const { promise, resolve } = Promise.withResolvers<void>();
  perform = async (command) => {
    if (command.id !== id) await promise;
    return 'ok';
  };
  const busy = runner({ leaseMs: 5_000, tryMs: 5_000 }, true, 1);
  const own = await Promise.all(Array.from({ length: 5 }, () => begin(busy)));
  await over(id);
  resolve();
  for (const { end } of own) assert.equal((await end).kind, 'completed');
});

test('stuck sagas can be listed and counted', async () => {
  const meter = createMeter();
  const watch = watchSagas({ databases: [database], meter, log: silentLog, everyMs: 20 });
  perform = ({ name }) => {
    if (name !== 'book' && name !== 'reserve') throw new Error('down');
    return 'ok';
  };
  const { id } = await begin(runner());
  await until(async () => (await stuckSagas(database)).some((saga) => saga.id === id), { ms: 10_000 });
  const [stuck] = await stuckSagas(database);
  assert.deepEqual([stuck!.step, stuck!.last_error], ['undoing', 'undo: down']);
  await until(() => /saga_stuck\{region="eu",saga="trip",step="undoing"\} 1/.test(meter.render()));
  await watch.stop();
});
