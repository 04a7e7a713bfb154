import { createContext, Script } from 'node:vm';

const context = createContext({ task: undefined as (() => unknown) | undefined });
const script = new Script('task()');

/** The work took longer than it may. */
export class TooSlow extends Error {
  constructor(milliseconds: number) {
    super(`took more than ${milliseconds} ms`);
    this.name = 'TooSlow';
  }
}

/**
 * Runs synchronous work that may never end (planning someone else's operation) and ends it when its time is over.
 * @throws TooSlow, or what the work throws
 */
export function withTimeLimit<T>(milliseconds: number, work: () => T): T {
  const outer = context.task;
  context.task = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new TooSlow(milliseconds);
    throw error;
  } finally {
    context.task = outer;
  }
}

export interface Attempt<T> {
  /** Milliseconds that it may take. */
  readonly most: number;
  readonly work: () => T;
}

/**
 * What the first attempt makes that comes to an end in time and does not fail.
 * @param isFinal errors after which no other attempt is of use
 * @throws what the last attempt throws, or a final error
 */
export function firstInTime<T>(attempts: readonly Attempt<T>[], isFinal: (error: unknown) => boolean): T {
  let failed: unknown;
  for (const { most, work } of attempts) {
    try {
      return withTimeLimit(most, work);
    } catch (error) {
      if (isFinal(error)) throw error;
      failed = error;
    }
  }
  throw failed;
}
