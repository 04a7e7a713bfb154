import {
  cloneJson,
  type SubgraphRequest,
  type SubgraphResponse,
  type SubgraphTransport,
} from '../../engine/index.ts';
import { headersOf, noteHeaders, questionOf, TransportError } from '../../transports/index.ts';
import { identityOf } from './identity-of.ts';

/** Counts the mutations of all subgraphs: one of them may change what another answers. */
export interface Epoch {
  current: number;
}

export interface ShareOptions {
  readonly name: string;
  /** Read at each call. */
  readonly enabled: () => boolean;
  readonly epoch: Epoch;
  /** Told of each call that did not have to be made. */
  readonly onJoined: () => void;
}

interface Flight {
  readonly answer: Promise<SubgraphResponse>;
  readonly epoch: number;
  /** Epoch milliseconds. */
  readonly deadline: number;
  joined: boolean;
}

/** Milliseconds by which a joiner's deadline may be later than the call's. */
const DEADLINE_SLACK = 1_000;

/**
 * De-duplicates calls in flight: queries that say the same to the subgraph for the same identity share one call, whatever operations they belong to. Mutations are never shared,
 * nor is what was asked before one for what is asked after it.
 */
export function shareCalls(transport: SubgraphTransport, options: ShareOptions): SubgraphTransport {
  const { name, enabled, epoch, onJoined } = options;
  const flights = new Map<string, Flight>();

  async function mutate(request: SubgraphRequest): Promise<SubgraphResponse> {
    try {
      return await transport.execute(request);
    } finally {
      epoch.current++;
    }
  }

  async function start(key: string, request: SubgraphRequest): Promise<SubgraphResponse> {
    const { deadline } = request.context;
    const flight: Flight = {
      answer: transport.execute(request),
      epoch: epoch.current,
      deadline,
      joined: false,
    };
    flights.set(key, flight);
    const over = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.answer.then(over, over);
    const response = await flight.answer;
    return flight.joined ? copyOf(response) : response;
  }

  async function join(flight: Flight, request: SubgraphRequest): Promise<SubgraphResponse> {
    flight.joined = true;
    onJoined();
    try {
      return copyOf(await untilAborted(flight.answer, request.context.signal, name));
    } catch (error) {
      // Who made the call has left it: that is nothing to those who still wait.
      const left = error instanceof TransportError && error.code === 'SUBGRAPH_ABORTED';
      if (left && !request.context.signal.aborted) return execute(request);
      throw error;
    }
  }

  async function execute(request: SubgraphRequest): Promise<SubgraphResponse> {
    if (request.kind === 'mutation') return mutate(request);
    if (request.kind !== 'query' || !enabled()) return transport.execute(request);
    const { caller, deadline } = request.context;
    const key = `${identityOf(caller)}\n${questionOf(request)}`;
    const flight = flights.get(key);
    const isJoinable =
      flight && flight.epoch === epoch.current && deadline - flight.deadline <= DEADLINE_SLACK;
    return isJoinable ? join(flight, request) : start(key, request);
  }

  return { ...transport, execute };
}

/** What the engine gets it makes its own: it merges into it. */
function copyOf(response: SubgraphResponse): SubgraphResponse {
  const copy = cloneJson(response);
  const headers = headersOf(response);
  if (headers) noteHeaders(copy, headers);
  return copy;
}

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal, name: string): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void =>
    aborted.reject(
      new TransportError('SUBGRAPH_ABORTED', name, `The call to subgraph "${name}" was cancelled`),
    );
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([answer, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
