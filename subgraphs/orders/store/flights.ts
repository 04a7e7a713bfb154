import type { Flights } from './index.ts';

interface Flight {
  readonly inputHash: string;
  readonly answer: Promise<unknown>;
}

/** Calls of one key with other inputs that a call waits for, at most. */
const MAX_WAITS = 3;

/**
 * Joins equal calls that are under way in this process, and keeps the number of different ones bounded. A call that uses
 * the key of another under way goes on when that one has ended: then it is known whether the key is taken.
 */
export function createFlights(max: number): Flights {
  const flights = new Map<string, Flight>();
  return {
    async run<Answer>({ scope, key, inputHash }: Parameters<Flights['run']>[0], work: () => Promise<Answer>) {
      const id = JSON.stringify([scope, key]);
      for (let waits = 0; flights.has(id); waits++) {
        const known = flights.get(id)!;
        if (known.inputHash === inputHash) return known.answer as Promise<Answer>;
        if (waits === MAX_WAITS) return undefined;
        await known.answer.catch(() => {});
      }
      if (flights.size >= max) return undefined;
      const answer = work().finally(() => flights.delete(id));
      flights.set(id, { inputHash, answer });
      return answer;
    },
  };
}
