import type { DocumentNode } from 'graphql';
import type { Caller, Region } from '../identity/caller.ts';
import type { TraceContext } from '../telemetry/index.ts';

/** A GraphQL document with its result and variable types, as codegen makes it. */
export interface TypedDocument<Result, Variables> extends DocumentNode {
  __apiType?: (variables: Variables) => Result;
}

/** A command without a trace context belongs to the trace that is active where it is sent. */
export interface CommandOptions extends TraceContext {
  /** The callee's context. */
  readonly to: string;
  readonly region?: Region;
  /** On whose behalf; the calling service itself when absent. */
  readonly caller?: Caller;
  /** Milliseconds for the command with its retries. @default 5 000 */
  readonly timeoutMs?: number;
  /** Epoch milliseconds that no try may pass (the deadline of the operation that sends it). */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  readonly requestId?: string;
  /** Retried on transport failure only when set: the callee answers the same to the same input. @default false */
  readonly idempotent?: boolean;
}

/** How one context asks another to do something: typed GraphQL, service identity, deadline, retry, breaker, bulkhead. */
export interface Commands {
  /** @throws CommandError when no usable answer came; expected refusals are data in the result. */
  send<Result, Variables extends Record<string, unknown>>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options: CommandOptions,
  ): Promise<Result>;
}

export class CommandError extends Error {
  readonly to: string;
  /** `unreachable`: it may or may not have run. `refused`: the callee answered with errors. */
  readonly kind: 'unreachable' | 'timeout' | 'refused' | 'open-circuit';
  constructor(to: string, kind: CommandError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.to = to;
    this.kind = kind;
  }
}
