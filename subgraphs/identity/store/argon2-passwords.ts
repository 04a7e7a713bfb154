import { hash, parseOptions, verify } from '@node-rs/argon2';
import { BusyError, type Passwords } from './index.ts';

/** Argon2id, 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet. (The library's default algorithm is Argon2id.) */
export const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface PasswordLimits {
  /** Hashes computed at once; each takes a thread and 19 MiB. */
  readonly concurrency: number;
  /** Callers that may wait beyond that. */
  readonly queue: number;
}

/** Hashing is the most expensive thing a stranger can ask for: it never takes more than its share of threads and memory. */
export function argon2Passwords(limits: PasswordLimits): Passwords {
  const waiting: (() => void)[] = [];
  let running = 0;
  // Made once, of a password nobody knows: what an unknown account is checked against.
  const dummy = hash(crypto.randomUUID(), COST);
  dummy.catch(() => {});

  const takeTurn = (deadline: number): Promise<void> => {
    if (running < limits.concurrency) {
      running++;
      return Promise.resolve();
    }
    if (waiting.length >= limits.queue) return Promise.reject(new BusyError('Too many passwords to check.'));
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => {
          const place = waiting.indexOf(turn);
          if (place < 0) return;
          waiting.splice(place, 1);
          reject(new BusyError('The password could not be checked in time.'));
        },
        Math.max(0, deadline - Date.now()),
      );
      waiting.push(turn);
    });
  };

  const inTurn = async <T>(deadline: number, work: () => Promise<T>): Promise<T> => {
    await takeTurn(deadline);
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };

  return {
    hash: (password, deadline) => inTurn(deadline, () => hash(password, COST)),
    verify: (stored, password, deadline) =>
      inTurn(deadline, async () => {
        const matches = await verify(stored ?? (await dummy), password);
        return stored !== undefined && matches;
      }),
    needsRehash(stored) {
      const made = parseOptions(stored);
      return made.memoryCost < COST.memoryCost || made.timeCost < COST.timeCost;
    },
  };
}
