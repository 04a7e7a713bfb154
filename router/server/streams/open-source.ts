import type { Caller } from '@aisle/platform/identity';
import type { TraceContext } from '@aisle/platform/telemetry';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Engine } from '../../engine/index.ts';
import type { EngineHolder } from '../engine-holder.ts';
import type { Operations } from '../operations.ts';

export interface Ids {
  readonly requestId: string;
  readonly trace: TraceContext;
  readonly clientAddress?: string | undefined;
}

export interface UpstreamOptions {
  readonly holder: EngineHolder;
  readonly operations: Operations;
  readonly ids: Ids;
  /** Milliseconds to get it started. */
  readonly timeout: number;
  /** Milliseconds to try to open it again. */
  readonly patience: number;
  /** Asked before each event. */
  readonly isRevoked: (caller: Caller) => boolean | Promise<boolean>;
  readonly onResumed: () => void;
  /** The query for the cursor to begin with, where there is one and the client does not say itself where it begins. */
  readonly start?: string | undefined;
}

/** A running source with its claim on the engine. */
export interface Opened {
  readonly source: AsyncIterator<ExecutionResult>;
  /** Idempotent. */
  close(): void;
}

/** Opens a subscription on the engine that is served now. */
export async function openSource(
  { holder, operations, ids, timeout }: UpstreamOptions,
  caller: Caller,
  prepare: (engine: Engine) => ReturnType<Engine['prepare']>,
  variables: unknown,
): Promise<Opened | { readonly errors: readonly GraphQLError[] }> {
  const lease = holder.lease();
  const { engine } = lease;
  const prepared = prepare(engine);
  if ('errors' in prepared) {
    lease.release();
    return { errors: prepared.errors };
  }
  const context = operations.context(caller, ids, timeout);
  try {
    const source = await engine.subscribe(prepared, variables, context);
    if (!('next' in source)) {
      lease.release();
      return { errors: source.errors ?? [] };
    }
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      context.controller.abort();
      Promise.resolve(source.return?.()).then(lease.release, lease.release);
    };
    return { source, close };
  } catch (error) {
    lease.release();
    throw error;
  }
}
