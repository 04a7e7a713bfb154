import type { Caller } from '@aisle/platform/identity';
import { type FormattedExecutionResult, type GraphQLError, Kind } from 'graphql';
import { operationOf } from '../../engine/document.ts';
import type { Limits } from '../../limits/index.ts';
import type { EngineHolder } from '../engine-holder.ts';
import { type ErrorFormat, formatError } from '../format-error.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Operations, Ready } from '../operations.ts';
import { identityOf } from '../traffic/identity-of.ts';
import { EventBuffer, StreamEnd } from './event-buffer.ts';
import type { Ids } from './open-source.ts';
import { resumePlan } from './resume.ts';
import { type StartCursors, startQuery } from './start-cursor.ts';
import { type Subscriber, Upstream } from './upstream.ts';

export type { Ids } from './open-source.ts';

export interface Subscriptions {
  /** Follows a prepared subscription for a caller; the lease of `ready` is taken care of. */
  open(
    ready: Ready,
    caller: Caller,
    ids: Ids,
  ): Promise<Subscriber | { readonly errors: readonly GraphQLError[] }>;
  /** Ends every live subscription. */
  endAll(error: StreamEnd): void;
}

export interface SubscriptionsOptions {
  readonly operations: Operations;
  readonly holder: EngineHolder;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  readonly now: () => number;
  /** Whether a caller may not have what comes now; asked before each event. */
  readonly isRevoked: (caller: Caller) => boolean | Promise<boolean>;
  /** Whether equal subscriptions of one identity share one upstream. */
  readonly deduplicate: () => boolean;
  /** Subscription fields with `after` that start with what happens from now on, so that late subscribers may share them. */
  readonly sharedFields: () => readonly string[];
  readonly startCursors: () => StartCursors;
}

/** Longest `setTimeout`, milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** Milliseconds a broken subscription is tried to be resumed. */
const PATIENCE = 60_000;

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { operations, holder, limits, metrics, now, isRevoked, deduplicate, sharedFields } = options;
  const live = new Set<Subscriber>();
  const upstreams = new Map<
    string,
    { readonly upstream: Upstream; readonly started: Promise<readonly GraphQLError[] | undefined> }
  >();
  const all = new Set<Upstream>();
  holder.onReplaced(() => {
    for (const upstream of all) upstream.replan();
  });

  function follow(ready: Ready, caller: Caller, ids: Ids) {
    const { operation, variables } = ready;
    const key = `${operation.hash}\n${identityOf(caller)}\n${JSON.stringify(variables ?? null)}`;
    const plan = resumePlan(ready.engine.apiSchema, operation.document, operation.operationName);
    const there = upstreams.get(key);
    // With `after` a subscription may begin with what was before: who comes late must get that, too, unless it is known to begin now.
    if (
      there &&
      deduplicate() &&
      (there.upstream.fresh || !plan || sharedFields().includes(rootField(ready)))
    ) {
      ready.release();
      return there;
    }
    const upstream: Upstream = new Upstream(
      ready,
      caller,
      plan,
      {
        holder,
        operations,
        ids,
        timeout: limits.timeout,
        patience: PATIENCE,
        isRevoked,
        onResumed: metrics.resumed,
        start: plan && startQuery(ready, options.startCursors()),
      },
      () => {
        all.delete(upstream);
        metrics.open.upstreams--;
        if (upstreams.get(key)?.upstream === upstream) upstreams.delete(key);
      },
    );
    all.add(upstream);
    metrics.open.upstreams++;
    const entry = { upstream, started: upstream.open() };
    upstreams.set(key, entry);
    return entry;
  }

  return {
    async open(ready, caller, ids) {
      const begun = performance.now();
      const { upstream, started } = follow(ready, caller, ids);
      let expiry: NodeJS.Timeout | undefined;
      const buffer: Subscriber = new EventBuffer<FormattedExecutionResult>(limits.bufferedEvents, (error) => {
        if (error !== undefined) metrics.streamEnded(error instanceof StreamEnd ? error.code : 'FAILED');
        clearTimeout(expiry);
        if (live.delete(buffer)) metrics.open.subscriptions--;
        upstream.remove(buffer);
      });
      // Before it has started, so that no event is missed.
      upstream.add(buffer);
      live.add(buffer);
      metrics.open.subscriptions++;
      const errors = await started.catch((error: unknown) => {
        buffer.end();
        throw error;
      });
      // An operation as any other: how it began and how long that took. What it is worth later, its events say.
      const outcome = errors ? 'errors' : 'ok';
      operations.ended(ready, outcome, (performance.now() - begun) / 1000, ids);
      if (errors) {
        buffer.end();
        return { errors };
      }
      if (caller.expiresAt !== undefined) {
        const left = Math.max(0, caller.expiresAt * 1000 - now());
        const expired = () => buffer.end(new StreamEnd('UNAUTHENTICATED', 'The access token has expired.'));
        expiry = setTimeout(expired, Math.min(left, LONGEST_TIMER));
        expiry.unref();
      }
      return buffer;
    },
    endAll(error) {
      for (const buffer of live) buffer.end(error);
    },
  };
}

function rootField({ operation: { document, operationName } }: Ready): string {
  const operation = operationOf(document, operationName);
  const [field] = operation?.selectionSet.selections ?? [];
  return field?.kind === Kind.FIELD ? field.name.value : '';
}

/** What a subscriber is told when its stream did not simply complete. */
export function endedWith(error: unknown, format: ErrorFormat): FormattedExecutionResult {
  if (!(error instanceof StreamEnd)) return { errors: [formatError(error, format)] };
  return { errors: [{ message: error.message, extensions: { code: error.code } }] };
}
