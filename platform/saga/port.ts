import type { Clock } from '../clock/index.ts';
import type { Log } from '../log/index.ts';
import type { Database } from '../stores/index.ts';
import type { CrashPoint } from './crash.ts';
import type { SagaDefinition } from './definition.ts';

export interface SagaCommand {
  /** Which command; also the name of its crash point. */
  readonly name: string;
}

/** Something that became true, and when: a merged commit keeps the times apart. */
export interface Stamped<Fact> {
  readonly fact: Fact;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What one commit of a saga changes. */
export interface SagaChange<State, Fact> {
  readonly id: string;
  readonly state: State;
  /** What became true since the last commit, oldest first. */
  readonly facts: readonly Stamped<Fact>[];
  readonly finished: boolean;
}

/** The rows of the context that are saved in the commit that saves the saga. */
export interface SagaSaver<State, Fact> {
  /**
   * Further CTEs, each after a comma, constant text. They read `FROM saved`, which has one row when the saga was still
   * ours and none otherwise. Their parameters begin at `$15`.
   */
  readonly sql: string;
  readonly params: (change: SagaChange<State, Fact>) => readonly unknown[];
  /** After the commit: wake relays and subscribers. */
  readonly saved?: (database: Database, change: SagaChange<State, Fact>) => void;
}

export interface CommandContext {
  readonly sagaId: string;
  /** Milliseconds that are left for the step; at least one try is always made. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a drive of a saga ended in this process. */
export type DriveEnd<State, Fact> = {
  /** `detached`: parked for a later try, or taken over by another runner. Its end is in the store, not here. */
  readonly kind: 'completed' | 'waiting' | 'detached';
  readonly state: State;
  /** What was stored in this drive. */
  readonly facts: readonly Stamped<Fact>[];
};

export interface SagaTimes {
  /** How long a runner may keep a saga without a sign of life, milliseconds. @default 15 000 */
  readonly leaseMs: number;
  /** How long a `soon` commit may wait for the next one, milliseconds. @default 100 */
  readonly mergeMs: number;
  /** Pauses between tries that are made without letting go of the saga, milliseconds. @default 50, 200, 800 */
  readonly inlineRetriesMs: readonly number[];
  /** Longest pause between later tries, milliseconds; they begin at one second and double. @default 30 000 */
  readonly maxRetryMs: number;
  /** Longest that one try of a command may take, milliseconds. @default 5 000 */
  readonly tryMs: number;
}

export const DEFAULT_TIMES: SagaTimes = {
  leaseMs: 15_000,
  mergeMs: 100,
  inlineRetriesMs: [50, 200, 800],
  maxRetryMs: 30_000,
  tryMs: 5_000,
};

/** Told of each commit of a drive. */
export type OnSaved<State, Fact> = (state: State, facts: readonly Stamped<Fact>[]) => void;

/** What every drive of a runner shares. */
export interface DriveTools<State, Signal, Command extends SagaCommand, Answer, Fact> {
  readonly definition: SagaDefinition<State, Signal, Command, Answer, Fact>;
  /** Carries a command out. Throws when there is no usable answer: it will be sent again. */
  readonly perform: (command: Command, context: CommandContext) => Promise<Answer>;
  readonly saver: SagaSaver<State, Fact>;
  readonly owner: string;
  readonly times: SagaTimes;
  readonly crash: CrashPoint;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
  /** Aborted when the process is to end: no more tries are made. */
  readonly stopping: AbortSignal;
}

/** A saga as a runner takes it. */
export interface SagaRow<State, Signal> extends Record<string, unknown> {
  readonly id: string;
  readonly state: State;
  readonly step: string;
  readonly signals: readonly Signal[];
  readonly version: number;
  readonly attempts: number;
  readonly overdue: boolean;
  /** Of the operation that began it. */
  readonly traceparent: string | null;
  readonly step_left_ms: number | null;
  readonly left_ms: number;
  readonly was_parked: 'wait' | 'retry' | null;
  /** Taken before its time. */
  readonly early: boolean;
}
