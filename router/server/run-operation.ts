import type { Caller } from '@aisle/platform/identity';
import { cacheHeaders } from '../cache/index.ts';
import type { Limits } from '../limits/index.ts';
import { markAnswer } from '../tracing/index.ts';
import { type Asked, answerOf } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Execute } from './execution.ts';
import type { RouterMetrics } from './metrics.ts';
import type { Accepts } from './negotiate.ts';
import { errorsJson, type Operations, type Ready, type Unready } from './operations.ts';
import type { Params } from './params.ts';
import { Refusal } from './refusal.ts';
import { runDeferred } from './streams/deferred.ts';
import { COMPLETE_EVENT, nextEvent, openEventStream } from './streams/sse.ts';
import { subscribeOverHttp } from './streams/subscribe-over-http.ts';
import type { Subscriptions } from './streams/subscriptions.ts';
import { timeoutOf } from './timeout.ts';
import type { Admission } from './traffic/admission.ts';
import type { Flights } from './traffic/flights.ts';

/** Runs one request's operation and answers it in the way the client accepts. */
export type Runner = (exchange: Exchange, params: Params, accepts: Accepts, caller: Caller) => Promise<void>;

export interface RunnerOptions {
  readonly operations: Operations;
  readonly subscriptions: Subscriptions;
  readonly execute: Execute;
  readonly admission: Admission;
  readonly flights: Pick<Flights, 'mutated'>;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  readonly production: boolean;
}

export function createRunner(options: RunnerOptions): Runner {
  const { operations, subscriptions, execute, admission, limits, metrics, production } = options;

  return async (exchange, params, accepts, caller) => {
    const timeout = timeoutOf(exchange.request.headers['x-aisle-timeout-ms'], limits.timeout);
    const ready = operations.prepare(params);
    if ('errors' in ready) return answerUnready(exchange, ready, accepts, params);
    await admit(exchange, ready, caller);
    const { operation } = ready;
    if (operation.kind === 'subscription') {
      return subscribeOverHttp(exchange, ready, accepts, caller, {
        operations,
        subscriptions,
        limits,
        metrics,
      });
    }
    if (operation.kind === 'mutation' && exchange.request.method === 'GET') {
      ready.release();
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'A mutation needs POST.', { allow: 'POST' });
    }
    if (operation.hasDefer && accepts.defer !== undefined) {
      return runDeferred(exchange, ready, accepts.defer, caller, { ...options, timeout });
    }
    if (accepts.json === undefined && !accepts.eventStream) {
      ready.release();
      throw new Refusal(
        406,
        'NOT_ACCEPTABLE',
        'Accept application/json, application/graphql-response+json or text/event-stream.',
      );
    }
    const json = await execute(exchange, ready, caller, timeout);
    const asked = askedFor(exchange, production);
    const answer = answerOf(json, ready, asked, operations.format(exchange.requestId));
    operations.ended(ready, answer.outcome, exchange.seconds, exchange);
    markAnswer(answer);
    if (accepts.json === undefined) return answerAsEvents(exchange, answer.json);
    const status = answer.status === 400 && accepts.json === 'application/json' ? 200 : answer.status;
    if (answer.outcome !== 'ok' || asked.plan || asked.cost) exchange.policy?.forbid();
    const keep = exchange.policy && cacheHeaders(exchange.policy, caller);
    if (status === 200 && exchange.request.method === 'GET')
      exchange.revalidated(accepts.json, answer.json, keep);
    else exchange.json(status, accepts.json, answer.json, keep);
  };

  async function admit(exchange: Exchange, ready: Ready, caller: Caller): Promise<void> {
    try {
      await admission.admit(ready, caller, exchange.request.socket.remoteAddress);
    } catch (error) {
      ready.release();
      throw error;
    }
  }

  function answerUnready(
    exchange: Exchange,
    { errors, isLimit }: Unready,
    accepts: Accepts,
    params: Params,
  ): void {
    for (const error of errors.slice(0, 1)) metrics.refused(String(error.extensions.code));
    metrics.operation(params.operationName, 'unknown', 'refused', exchange.seconds);
    const json = errorsJson(errors, operations.format(exchange.requestId));
    const type = accepts.json ?? 'application/json';
    if (accepts.json === undefined && accepts.eventStream) answerAsEvents(exchange, json);
    else exchange.json(isLimit || type === 'application/graphql-response+json' ? 400 : 200, type, json);
  }

  function answerAsEvents(exchange: Exchange, json: string): void {
    const stream = openEventStream(exchange, options);
    void stream.write(nextEvent(json));
    stream.end(COMPLETE_EVENT);
  }
}

/** The plan is shown in development only; the cost to everyone, who could find it out by counting. */
function askedFor({ request: { headers } }: Exchange, production: boolean): Asked {
  return {
    plan: !production && headers['x-aisle-plan'] !== undefined,
    cost: headers['x-aisle-cost'] !== undefined,
  };
}
