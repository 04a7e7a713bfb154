import { type DocumentNode, Kind, print } from 'graphql';
import { Pool } from 'undici';
import type { Clock } from '../clock/index.ts';
import { ENVELOPE_HEADER, sealEnvelope, service } from '../identity/index.ts';
import { newId } from '../ids/index.ts';
import { type Policy, RejectedError } from '../resilience/index.ts';
import { activeTrace, type TraceContext, withSpan } from '../telemetry/index.ts';
import { CommandError, type CommandOptions, type Commands, type TypedDocument } from './commands.ts';
import type { OperationHost, SubgraphRequest, SubgraphResponse } from './operation.ts';

/** How one attempt of a command reaches its callee. */
export type CommandTransport = (to: string, request: SubgraphRequest) => Promise<SubgraphResponse>;

export interface CommandClientOptions {
  /** The calling context. */
  readonly from: string;
  readonly clock: Clock;
  readonly transport: CommandTransport;
  /** One policy a callee: deadline, retry, breaker, bulkhead. */
  readonly policyFor: (to: string) => Policy;
}

const DEFAULT_TIMEOUT_MS = 5_000;

interface Prepared {
  readonly query: string;
  readonly operationName: string;
  readonly kind: 'query' | 'mutation';
}

const prepared = new WeakMap<DocumentNode, Prepared>();

function prepare(document: DocumentNode): Prepared {
  let known = prepared.get(document);
  if (!known) {
    const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    if (!operation?.name || operation.operation === 'subscription')
      throw new TypeError('A command is one named query or mutation.');
    known = { query: print(document), operationName: operation.name.value, kind: operation.operation };
    prepared.set(document, known);
  }
  return known;
}

/** Sends typed GraphQL documents to other contexts as this one. */
export function createCommands({ from, clock, transport, policyFor }: CommandClientOptions): Commands {
  return {
    async send<Result, Variables extends Record<string, unknown>>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      options: CommandOptions,
    ): Promise<Result> {
      const { query, operationName, kind } = prepare(document);
      const { to } = options;
      const deadline = Math.min(
        clock.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
        options.deadline ?? Number.POSITIVE_INFINITY,
      );
      const caller = options.caller ?? service(from, options.region);
      const requestId = options.requestId ?? newId('req');
      const attempt = (trace: TraceContext | undefined) => (signal: AbortSignal) =>
        transport(to, {
          kind,
          query,
          document,
          operationName,
          variables,
          context: { caller, requestId, deadline, signal, ...trace },
        });
      const attributes = { 'graphql.operation.name': operationName, 'aisle.callee': to };

      let response: SubgraphResponse;
      try {
        response = await withSpan(`command ${operationName}`, { kind: 'client', attributes }, (span) =>
          policyFor(to).run(attempt(span?.trace ?? activeTrace() ?? given(options)), {
            idempotent: options.idempotent ?? false,
            deadline,
            ...(options.signal && { signal: options.signal }),
          }),
        );
      } catch (error) {
        throw asCommandError(to, operationName, error);
      }
      if (response.errors?.length || !response.data) {
        const messages = (response.errors ?? []).map((error) => error.message).join('; ');
        throw new CommandError(
          to,
          'refused',
          `${to} refused ${operationName}: ${messages || 'no data'}`,
          response.errors,
        );
      }
      return response.data as Result;
    },
  };
}

const given = ({ traceparent, tracestate }: TraceContext): TraceContext => ({
  ...(traceparent && { traceparent }),
  ...(tracestate && { tracestate }),
});

function asCommandError(to: string, operationName: string, error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof RejectedError && error.reason !== 'deadline') {
    return new CommandError(to, 'open-circuit', `${to} is not taking ${operationName} just now.`, error);
  }
  if (error instanceof RejectedError)
    return new CommandError(to, 'timeout', `${to} did not answer ${operationName} in time.`, error);
  return new CommandError(to, 'unreachable', `${to} could not be reached for ${operationName}.`, error);
}

/** Callees of the same process are called as functions. */
export function inMemoryTransport(hosts: ReadonlyMap<string, OperationHost>): CommandTransport {
  return (to, request) => {
    const host = hosts.get(to);
    if (!host)
      return Promise.reject(new CommandError(to, 'unreachable', `${to} does not run in this process.`));
    return host.execute(request);
  };
}

export interface HttpCommandTransportOptions {
  readonly from: string;
  readonly clock: Clock;
  readonly envelopeKey: string;
  /** Address of a context's GraphQL endpoint. */
  readonly urlOf: (to: string) => string | undefined;
}

/** Callees behind HTTP get the signed envelope of the calling service. */
export function httpTransport(options: HttpCommandTransportOptions): {
  send: CommandTransport;
  close(): Promise<void>;
} {
  const pools = new Map<string, { pool: Pool; path: string }>();
  const poolFor = (to: string) => {
    const url = options.urlOf(to);
    if (!url) throw new CommandError(to, 'unreachable', `No address is known for ${to}.`);
    const { origin, pathname } = new URL(url);
    let entry = pools.get(to);
    if (!entry) {
      entry = {
        pool: new Pool(origin, { connections: 32, pipelining: 1, keepAliveTimeout: 60_000 }),
        path: pathname,
      };
      pools.set(to, entry);
    }
    return entry;
  };
  return {
    async send(to, request) {
      const { pool, path } = poolFor(to);
      const { context, query, operationName, variables } = request;
      const body = JSON.stringify({ query, operationName, variables });
      const { caller, requestId, deadline } = context;
      const envelope = sealEnvelope(
        { caller, issuer: options.from, audience: to, requestId, issuedAt: options.clock.now(), deadline },
        body,
        options.envelopeKey,
      );
      const response = await pool.request({
        method: 'POST',
        path,
        body,
        headers: { 'content-type': 'application/json', [ENVELOPE_HEADER]: envelope, ...given(context) },
        signal: context.signal,
      });
      const text = await response.body.text();
      if (response.statusCode >= 500)
        throw new CommandError(to, 'unreachable', `${to} answered with status ${response.statusCode}.`);
      return JSON.parse(text) as SubgraphResponse;
    },
    close: async () => {
      await Promise.all([...pools.values()].map(({ pool }) => pool.destroy()));
    },
  };
}
