import { type ErrorCause, transportFailure } from '../../engine/plan/errors.ts';
import { TransportError } from '../../transports/transport-error.ts';

/** An answer that others may have as well. */
export interface Kept {
  readonly json: string;
  /** Seconds. */
  readonly maxAge: number;
}

/** How a fetch under way ended for one answer; `undefined`: it is for nobody else. */
export type Landed = Kept | { readonly failed: ErrorCause } | undefined;

interface Flight {
  readonly landed: Promise<Landed>;
  /** The store's time when it began. */
  readonly began: string;
}

/** Fetches under way, so that many who miss the same answer cause one call. */
export interface Flights {
  /** One that began no earlier than anything was outdated: who knows of a later invalidation does not wait for an older answer. */
  find(key: string, began: string): Promise<Landed> | undefined;
  start(key: string, began: string, landed: Promise<Landed>): void;
  /** Is there room for one nobody waits for? */
  readonly hasRoom: boolean;
}

/** Fetches nobody waits for (they renew what is stale) start only while fewer than this are under way. */
const ROOM = 1_000;

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();
  return {
    find(key, began) {
      const flight = flights.get(key);
      return flight?.began === began ? flight.landed : undefined;
    },
    start(key, began, landed) {
      const flight = { landed, began };
      flights.set(key, flight);
      void landed.then(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
    },
    get hasRoom() {
      return flights.size < ROOM;
    },
  };
}

/** What a fetch of somebody else brings, unless the one who waits has to go first. */
export function landedOrGivenUp(
  landed: Promise<Landed>,
  subgraph: string,
  signal: AbortSignal,
): Promise<Landed> {
  const { promise, resolve } = Promise.withResolvers<Landed>();
  const giveUp = () => {
    const error = new TransportError(
      'SUBGRAPH_TIMEOUT',
      subgraph,
      `Subgraph "${subgraph}" did not answer in time`,
    );
    resolve({ failed: transportFailure(subgraph, error) });
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  void landed.then((result) => {
    signal.removeEventListener('abort', giveUp);
    resolve(result);
  });
  return promise;
}
