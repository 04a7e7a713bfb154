import type { Flights } from './index.ts';

/** Joins equal calls that are under way in this process, and keeps the number of different ones bounded. */
export function createFlights(max: number): Flights {
  const flights = new Map<string, Promise<unknown>>();
  return {
    async run<Answer>(call: Parameters<Flights['run']>[0], work: () => Promise<Answer>) {
      const id = JSON.stringify([call.scope, call.key, call.inputHash]);
      const known = flights.get(id) as Promise<Answer> | undefined;
      if (known) return known;
      if (flights.size >= max) return undefined;
      const flight = work().finally(() => flights.delete(id));
      flights.set(id, flight);
      return flight;
    },
  };
}
