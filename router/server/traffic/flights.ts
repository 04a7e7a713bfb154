import type { Caller } from '@aisle/platform/identity';
import type { ResponsePolicy } from '../../cache/index.ts';
import type { PreparedOperation } from '../../engine/index.ts';
import { identityOf } from './identity-of.ts';

/** One execution and those who wait for it. */
export interface Flight {
  readonly result: Promise<string>;
  /** What the answer may be kept for, once there is one. */
  readonly policy: ResponsePolicy | undefined;
  /** The one who asks waits no longer; the execution is cancelled when no one does. */
  leave(reason: Error): void;
}

export interface Start {
  readonly run: (signal: AbortController) => Promise<string>;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly policy?: ResponsePolicy | undefined;
}

export interface Flights {
  /** Joins an equal query of the same identity that is being executed, or starts it. */
  join(operation: PreparedOperation, variables: unknown, caller: Caller, start: Start): Flight;
  /** Starts an execution nobody else joins. */
  alone(start: Start): Flight;
  /** A mutation ended: no query sent from now on may share an execution that began before. */
  mutated(): void;
}

interface Shared {
  readonly result: Promise<string>;
  readonly policy: ResponsePolicy | undefined;
  readonly controller: AbortController;
  readonly deadline: number;
  readonly epoch: number;
  waiting: number;
}

/** Milliseconds by which a joiner's deadline may be later than the execution's. */
const DEADLINE_SLACK = 1_000;

/** In-flight de-duplication of queries. `onJoined` is told of each one that did not have to run. */
export function createFlights(onJoined: () => void): Flights {
  const byOperation = new WeakMap<PreparedOperation, Map<string, Shared>>();
  let epoch = 0;

  const flightOf = (shared: Shared): Flight => {
    shared.waiting++;
    let here = true;
    return {
      result: shared.result,
      policy: shared.policy,
      leave(reason) {
        if (!here) return;
        here = false;
        if (--shared.waiting === 0) shared.controller.abort(reason);
      },
    };
  };

  return {
    join(operation, variables, caller, start) {
      let running = byOperation.get(operation);
      if (!running) {
        running = new Map();
        byOperation.set(operation, running);
      }
      const key = `${identityOf(caller)}\n${variables === undefined ? '' : JSON.stringify(variables)}`;
      const there = running.get(key);
      if (
        there &&
        there.waiting > 0 &&
        there.epoch === epoch &&
        start.deadline - there.deadline <= DEADLINE_SLACK
      ) {
        onJoined();
        return flightOf(there);
      }
      const controller = new AbortController();
      const shared: Shared = {
        result: start.run(controller),
        policy: start.policy,
        controller,
        deadline: start.deadline,
        epoch,
        waiting: 0,
      };
      running.set(key, shared);
      const over = () => {
        if (running.get(key) === shared) running.delete(key);
      };
      shared.result.then(over, over);
      return flightOf(shared);
    },
    alone({ run, policy }) {
      const controller = new AbortController();
      return { result: run(controller), policy, leave: (reason) => controller.abort(reason) };
    },
    mutated() {
      epoch++;
    },
  };
}
