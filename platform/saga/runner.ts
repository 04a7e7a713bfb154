import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { errorFields } from '../log/index.ts';
import type { Database, Sql } from '../stores/index.ts';
import { activeTrace, type SpanOptions, type Tracer } from '../telemetry/index.ts';
import type { SagaInput } from './definition.ts';
import { drive, firstInput } from './drive.ts';
import { keepLeases } from './leases.ts';
import {
  DEFAULT_TIMES,
  type DriveEnd,
  type DriveTools,
  type OnSaved,
  type SagaCommand,
  type SagaRow,
  type SagaTimes,
} from './port.ts';
import { CLAIM_PARKED, SIGNAL } from './statements.ts';
import { startSweeps } from './sweep.ts';

export interface SagaRunnerOptions<State, Signal, Command extends SagaCommand, Answer, Fact>
  extends Pick<
    DriveTools<State, Signal, Command, Answer, Fact>,
    'definition' | 'perform' | 'saver' | 'crash' | 'clock' | 'log'
  > {
  readonly databases: readonly Database[];
  /** Of the context whose sagas these are. @default nothing is traced */
  readonly tracer?: Tracer | undefined;
  readonly times?: Partial<SagaTimes>;
  /** Milliseconds between looks for sagas to take over. @default 1 000 */
  readonly sweepMs?: number;
  /** Sagas that were taken over and are driven at the same time, at most. @default 32 */
  readonly maxTakeOvers?: number;
  /** Milliseconds that `stop` gives to sagas under way before their leases are given up. @default 5 000 */
  readonly drainMs?: number;
  /** @default Math.random */
  readonly random?: () => number;
}

export interface SagaRunner<State, Signal, Fact> {
  readonly name: string;
  /** Parameters of `insertSaga`: the new saga belongs to this runner at once, so nobody else begins it. */
  insertParams(id: string, state: State): readonly unknown[];
  /** Drives a saga that was inserted with `insertParams`. `onSaved` is told of each commit. Never rejects. */
  begin(
    database: Database,
    id: string,
    state: State,
    onSaved?: OnSaved<State, Fact>,
  ): Promise<DriveEnd<State, Fact>>;
  /** Leaves something from outside for a saga; also within a transaction. @returns false when there is none that is not over. */
  signal(sql: Sql, id: string, signal: Signal): Promise<boolean>;
  /** Carries a parked saga on at once, here. For after a signal was committed; a lost call costs one sweep. */
  wake(database: Database, id: string): Promise<void>;
  /** Begins to take over what others left. */
  start(): void;
  /** Sagas under way here. */
  readonly active: number;
  stop(): Promise<void>;
}

/** Runs one kind of saga over the regional databases: those begun here at once, those that others left by sweeps. */
export function createSagaRunner<State, Signal, Command extends SagaCommand, Answer, Fact>(
  options: SagaRunnerOptions<State, Signal, Command, Answer, Fact>,
): SagaRunner<State, Signal, Fact> {
  const { definition, log, databases, tracer } = options;
  const times = { ...DEFAULT_TIMES, ...options.times };
  const owner = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const stopping = new AbortController();
  const random = options.random ?? Math.random;
  const tools = { ...options, times, owner, random, stopping: stopping.signal };
  /** Sagas of others under way here; those begun here are as many as there are callers. */
  let taken = 0;
  const active = new Map<string, { database: Database; since: number; done: Promise<unknown> }>();

  const run = (
    database: Database,
    row: SagaRow<State, Signal>,
    first: SagaInput<Signal, Command, Answer>,
    onSaved?: OnSaved<State, Fact>,
  ): Promise<DriveEnd<State, Fact>> => {
    const driven = () => drive<State, Signal, Command, Answer, Fact>(tools, database, row, first, onSaved);
    const traced = tracer?.run(`saga ${definition.name}`, spanOf(row, first.kind), driven) ?? driven();
    const done = traced
      .catch((error: unknown): DriveEnd<State, Fact> => {
        // The lease runs out by itself, and then somebody tries again from the last commit.
        log.error('saga stopped', { saga: row.id, step: row.step, ...errorFields(error) });
        return { kind: 'detached', state: row.state, facts: [] };
      })
      .finally(() => {
        if (active.get(row.id)?.done === done) active.delete(row.id);
      });
    active.set(row.id, { database, since: performance.now(), done });
    return done;
  };

  const sweeps = startSweeps<State, Signal>({
    databases,
    owner,
    leaseMs: times.leaseMs,
    everyMs: options.sweepMs ?? 1_000,
    room: () => (options.maxTakeOvers ?? 32) - taken,
    take(database, row) {
      taken++;
      void run(database, row, firstInput(row)).finally(() => taken--);
    },
    random,
    log,
  });
  const leases = keepLeases({ databases, owner, leaseMs: times.leaseMs, active, log });

  return {
    name: `saga-runner-${definition.name}`,
    get active() {
      return active.size;
    },
    insertParams: (id, state) => [
      ...[id, definition.name, definition.stepOf(state), JSON.stringify(state), owner],
      ...[times.leaseMs, activeTrace()?.traceparent ?? null, definition.deadlineMs],
    ],
    begin: (database, id, state, onSaved) => {
      const fresh = { version: 1, attempts: 0, overdue: false, signals: [], was_parked: null, early: false };
      const row = {
        ...fresh,
        id,
        state,
        step: definition.stepOf(state),
        traceparent: null,
        step_left_ms: null,
        left_ms: definition.deadlineMs,
      };
      return run(database, row, { kind: 'started' }, onSaved);
    },
    signal: async (sql, id, signal) =>
      (await sql.query(SIGNAL, [id, JSON.stringify(signal)], 'saga-signal')).length > 0,
    async wake(database, id) {
      if (stopping.signal.aborted) return;
      const claim = [owner, times.leaseMs, id];
      const [row] = await database.query<SagaRow<State, Signal>>(CLAIM_PARKED, claim, 'saga-claim-parked');
      if (row) void run(database, row, firstInput(row));
    },
    start: () => {
      sweeps.start();
      leases.start();
    },
    async stop() {
      await sweeps.stop();
      const all = () => Promise.allSettled([...active.values()].map(({ done }) => done));
      const fuse = setTimeout(() => stopping.abort(), options.drainMs ?? 5_000);
      await all();
      clearTimeout(fuse);
      stopping.abort();
      await leases.stop();
    },
  };
}

/** A saga that is begun is below what began it; one that goes on later stays in that trace, and tells what woke it. */
function spanOf(
  { id, step, attempts, traceparent }: SagaRow<unknown, unknown>,
  input: SagaInput<unknown, unknown, unknown>['kind'],
): SpanOptions {
  const attributes = { 'aisle.saga.id': id, 'aisle.saga.step': step, 'aisle.saga.attempts': attempts };
  if (input === 'started') return { attributes };
  const waker = activeTrace();
  return { attributes, parent: traceparent ? { traceparent } : {}, ...(waker && { links: [waker] }) };
}
