import type { Caller } from '@aisle/platform/identity';
import type { Limits } from '../limits/index.ts';
import type { Exchange } from './exchange.ts';
import { formatError, formatJson } from './format-error.ts';
import type { RouterMetrics } from './metrics.ts';
import type { Accepts } from './negotiate.ts';
import { errorsJson, type Operations, type Ready, type Unready } from './operations.ts';
import type { Params } from './params.ts';
import { planExtension } from './plan-view.ts';
import { Refusal } from './refusal.ts';
import { runDeferred } from './streams/deferred.ts';
import { COMPLETE_EVENT, nextEvent, openEventStream } from './streams/sse.ts';
import { subscribeOverHttp } from './streams/subscribe-over-http.ts';
import type { Subscriptions } from './streams/subscriptions.ts';
import { timeoutOf } from './timeout.ts';

/** Runs one request's operation and answers it in the way the client accepts. */
export type Runner = (exchange: Exchange, params: Params, accepts: Accepts, caller: Caller) => Promise<void>;

export interface RunnerOptions {
  readonly operations: Operations;
  readonly subscriptions: Subscriptions;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  readonly production: boolean;
}

/** Milliseconds the engine has to give up on what was cancelled before the router answers without it. */
const GRACE = 250;

export function createRunner(options: RunnerOptions): Runner {
  const { operations, subscriptions, limits, metrics, production } = options;

  return async (exchange, params, accepts, caller) => {
    const timeout = timeoutOf(exchange.request.headers['x-aisle-timeout-ms'], limits.timeout);
    const ready = operations.prepare(params);
    if ('errors' in ready) return answerUnready(exchange, ready, accepts, params);
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
      return runDeferred(exchange, ready, accepts.defer, caller, { operations, limits, metrics, timeout });
    }
    if (accepts.json === undefined && !accepts.eventStream) {
      ready.release();
      throw new Refusal(
        406,
        'NOT_ACCEPTABLE',
        'Accept application/json, application/graphql-response+json or text/event-stream.',
      );
    }
    const answer = await run(exchange, ready, caller, timeout);
    metrics.operation(operation.operationName, operation.kind, answer.outcome, exchange.seconds);
    if (accepts.json === undefined) return answerAsEvents(exchange, answer.json);
    const status = answer.status === 400 && accepts.json === 'application/json' ? 200 : answer.status;
    exchange.json(status, accepts.json, answer.json);
  };

  async function run(exchange: Exchange, ready: Ready, caller: Caller, timeout: number) {
    const { engine, operation, variables, release } = ready;
    const context = operations.context(caller, exchange, timeout);
    metrics.open.operations++;
    let late: ((json: undefined) => void) | undefined;
    const timer = setTimeout(() => {
      context.controller.abort(new Error('The operation ran out of time.'));
      timers.grace = setTimeout(() => late?.(undefined), GRACE);
    }, timeout);
    const timers: { grace?: NodeJS.Timeout } = {};
    // A client that leaves takes its query with it; a mutation it started is carried through.
    const gone =
      operation.kind === 'query' ? () => context.controller.abort(new Error('The client left.')) : undefined;
    if (gone) exchange.response.once('close', gone);
    try {
      const json = await Promise.race([
        engine.executeToJson(operation, variables, context),
        new Promise<undefined>((resolve) => {
          late = resolve;
        }),
      ]);
      return json === undefined ? tooLate() : answerOf(exchange, engine, operation, json);
    } finally {
      clearTimeout(timer);
      clearTimeout(timers.grace);
      if (gone) exchange.response.off('close', gone);
      metrics.open.operations--;
      release();
    }
  }

  function answerOf(
    exchange: Exchange,
    engine: Ready['engine'],
    operation: Ready['operation'],
    json: string,
  ) {
    const withPlan = !production && exchange.request.headers['x-aisle-plan'] !== undefined;
    if (!json.startsWith('{"errors"')) {
      return {
        status: 200,
        json: withPlan ? planExtension(json, engine.plan(operation)) : json,
        outcome: 'ok' as const,
      };
    }
    const formatted = formatJson(json, operations.format(exchange.requestId));
    return {
      status: formatted.failed ? 400 : 200,
      json: withPlan ? planExtension(formatted.json, engine.plan(operation)) : formatted.json,
      outcome: 'errors' as const,
    };
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
    const stream = openEventStream(exchange, limits.heartbeat);
    void stream.write(nextEvent(json));
    stream.end(COMPLETE_EVENT);
  }
}

function tooLate() {
  const error = formatError(
    { message: 'The operation ran out of time.', extensions: { code: 'DEADLINE_EXCEEDED' } },
    { requestId: '', suggestions: true },
  );
  return { status: 504, json: JSON.stringify({ errors: [error] }), outcome: 'errors' as const };
}
