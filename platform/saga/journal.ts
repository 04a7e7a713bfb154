import { setTimeout as delay } from 'node:timers/promises';
import { errorFields } from '../log/index.ts';
import type { Database } from '../stores/index.ts';
import type { DriveTools, OnSaved, SagaCommand, SagaRow, Stamped } from './port.ts';
import { SAVED } from './statements.ts';

/** How a save leaves the saga. */
export interface Leave {
  readonly parked?: 'wait' | 'retry';
  /** When it is due again, milliseconds from now. @default the lease */
  readonly dueMs?: number;
  readonly finished?: boolean;
}

const SAVE_PAUSES_MS = [100, 400];

/**
 * What one driven saga has stored, and what it has still to store. Saves go one after the other; each stores all that
 * was staged before it, so that several steps can be one commit.
 */
export class Journal<State, Signal, Command extends SagaCommand, Answer, Fact> {
  state: State;
  attempts: number;
  overdue: boolean;
  /** `performance.now()` at which the step's, and the saga's, time is over. */
  stepEnd: number | undefined;
  readonly end: number;
  signals: readonly Signal[];
  /** Signals at the front that were reacted to and not yet removed from the store. */
  consumed = 0;
  lastError: string | null = null;
  /** False once another runner has the saga, or the store does not answer: nothing may be done any more. */
  isOurs = true;
  readonly saved: Stamped<Fact>[] = [];
  readonly #tools: DriveTools<State, Signal, Command, Answer, Fact>;
  readonly #database: Database;
  readonly #id: string;
  readonly #onSaved: OnSaved<State, Fact> | undefined;
  #version: number;
  #staged: Stamped<Fact>[] = [];
  #dirty = false;
  #tail: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    tools: DriveTools<State, Signal, Command, Answer, Fact>,
    database: Database,
    row: SagaRow<State, Signal>,
    onSaved?: OnSaved<State, Fact>,
  ) {
    this.#tools = tools;
    this.#database = database;
    this.#id = row.id;
    this.#onSaved = onSaved;
    this.#version = row.version;
    this.state = row.state;
    this.attempts = row.attempts;
    this.overdue = row.overdue;
    this.signals = row.signals;
    this.stepEnd = row.step_left_ms === null ? undefined : performance.now() + row.step_left_ms;
    this.end = performance.now() + row.left_ms;
  }

  /** Takes a new state and what became true with it; not stored yet. */
  stage(state: State, facts: readonly Fact[]): void {
    this.state = state;
    const at = this.#tools.clock.now();
    for (const fact of facts) this.#staged.push({ fact, at });
    this.#dirty = true;
  }

  /** Has what is staged stored by the next save, or after the merge window if none comes by then. */
  saveSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#dirty) void this.save().catch(() => {});
    }, this.#tools.times.mergeMs);
  }

  /** @returns the owner after it: null when the saga was let go; undefined when it was not ours any more. */
  save(leave: Leave = {}): Promise<string | null | undefined> {
    const saving = this.#tail.then(() => this.#write(leave));
    this.#tail = saving.then(
      () => {},
      () => {},
    );
    return saving;
  }

  /** Waits for saves under way; none begins by itself after it. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#tail;
  }

  async #write(leave: Leave): Promise<string | null | undefined> {
    if (!this.isOurs) return undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { saver, times, definition, crash } = this.#tools;
    const facts = this.#staged.splice(0);
    this.#dirty = false;
    const { state, consumed } = this;
    const finished = leave.finished ?? false;
    const change = { id: this.#id, state, facts, finished };
    const step = definition.stepOf(state);
    const stepLeft = this.stepEnd === undefined ? null : Math.round(this.stepEnd - performance.now());
    const params = [
      ...[this.#id, this.#tools.owner, this.#version, step, JSON.stringify(state), consumed, this.attempts],
      ...[leave.parked ?? null, Math.round(leave.dueMs ?? times.leaseMs), stepLeft, finished, this.overdue],
      ...[this.lastError, times.leaseMs, ...saver.params(change)],
    ];
    crash(`save ${step}`, 'before');
    const [row] = await this.#query<{ signals: Signal[]; owner: string | null }>(params);
    crash(`save ${step}`, 'after');
    if (!row) {
      this.isOurs = false;
      return undefined;
    }
    this.#version++;
    this.signals = row.signals;
    this.consumed -= consumed;
    this.saved.push(...facts);
    saver.saved?.(this.#database, change);
    this.#onSaved?.(state, facts);
    return row.owner;
  }

  /** A store that hiccups is asked again: if the first try was saved after all, the second finds another version. */
  async #query<T extends Record<string, unknown>>(params: readonly unknown[]): Promise<T[]> {
    const { saver, definition, log } = this.#tools;
    const text = `WITH saved AS (${SAVED})${saver.sql} SELECT signals, owner FROM saved`;
    for (const pause of [...SAVE_PAUSES_MS, undefined]) {
      try {
        return await this.#database.query<T>(text, params, `saga-save-${definition.name}`);
      } catch (error) {
        if (pause === undefined) {
          this.isOurs = false;
          throw error;
        }
        log.warn('saga not saved', { saga: this.#id, ...errorFields(error) });
        await delay(pause);
      }
    }
    return [];
  }
}
