import type { IncomingMessage, ServerResponse } from 'node:http';
import { CARDS } from './cards.ts';
import type { Context } from './context.ts';
import { PspError, unauthorised } from './errors.ts';
import type { Faults } from './faults.ts';
import { parseForm, text } from './form.ts';
import { type Idempotency, printOf } from './idempotency.ts';
import { cardOf } from './intent-state.ts';
import { route } from './routes.ts';
import type { Delivery, Params } from './types.ts';

export interface ApiOptions {
  readonly context: Context;
  readonly faults: Faults;
  readonly idempotency: Idempotency;
  readonly key: string | undefined;
  readonly slowMs: number;
  readonly hangMs: number;
  readonly now: () => number;
  /** Which request the next events come from. */
  readonly causedBy: (request: string, key: string | null) => void;
  /** Writes what a request changed, before its reply. */
  readonly changed: () => void;
}

export interface Api {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: string,
    id: string,
  ): Promise<void>;
  patternOf(method: string, path: string): string | undefined;
}

interface Answer {
  status: number;
  body: string;
  delivery: Delivery;
  /** Whether an endpoint ran, so that its answer is kept for the idempotency key. */
  ran: boolean;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Everything under /v1/: key, faults, idempotency, then the endpoint. */
export function createApi(options: ApiOptions): Api {
  const { context, faults, idempotency, now } = options;

  function run(method: string, path: string, params: Params): Answer {
    try {
      const target = route(method, path);
      if (!target)
        throw new PspError(404, {
          type: 'invalid_request_error',
          message: `Unrecognized request URL (${method}: ${path}).`,
        });
      const reply = target.handler(context, { params, ids: target.ids });
      return {
        status: reply.status,
        body: JSON.stringify(reply.body),
        delivery: reply.delivery ?? 'send',
        ran: true,
      };
    } catch (error) {
      if (!(error instanceof PspError)) throw error;
      // Wrong parameters end a request before its endpoint runs: nothing is kept for the key.
      const ran = error.status === 402 || (error.body.code?.endsWith('_unexpected_state') ?? false);
      return { ...failed(error), ran };
    }
  }

  /** Waits that are part of the operation itself: the key is in use meanwhile. */
  async function obstacles(
    params: Params,
    method: string,
    path: string,
    key: string | undefined,
  ): Promise<Delivery | undefined> {
    if (method !== 'POST' || !path.startsWith('/v1/payment_intents')) return undefined;
    const token = text(params, 'payment_method');
    const onConfirm = token === undefined ? undefined : (CARDS[token] ?? cardOf(context, token)).onConfirm;
    if (onConfirm === 'slow') await wait(options.slowMs);
    if (onConfirm === 'hang-without-charge' && idempotency.firstTime(key ?? '')) return 'hang';
    return undefined;
  }

  async function answer(
    method: string,
    path: string,
    body: string,
    query: string,
    key: string | undefined,
    id: string,
  ): Promise<Answer & { replayed?: boolean }> {
    const print = printOf(method, path, body);
    const kept = key === undefined ? undefined : idempotency.begin(key, print);
    if (kept) return { status: kept.status, body: kept.body, delivery: 'send', ran: false, replayed: true };
    let result: Answer | undefined;
    const fault = faults.take(method, path);
    try {
      if (fault?.fault === 'delay') await wait(fault.ms);
      if (fault?.fault === 'error') return { ...failed(broken()), ran: false };
      if (fault?.fault === 'rate-limit') return { ...failed(limited()), ran: false };
      if (fault?.fault === 'hang' || fault?.fault === 'cut')
        return { status: 0, body: '', delivery: fault.fault, ran: false };
      const params = parseForm(method === 'POST' ? body : query);
      const stuck = await obstacles(params, method, path, key);
      if (stuck) return { status: 0, body: '', delivery: stuck, ran: false };
      options.causedBy(id, key ?? null);
      result = run(method, path, params);
      if (fault?.fault === 'error-after') result = { ...failed(broken()), ran: true };
      if (fault?.fault === 'hang-after') result = { ...result, delivery: 'hang' };
      if (fault?.fault === 'cut-after') result = { ...result, delivery: 'cut' };
      return result;
    } finally {
      if (key !== undefined)
        idempotency.end(
          key,
          result?.ran ? { print, status: result.status, body: result.body, at: now() } : undefined,
        );
      options.changed();
    }
  }

  return {
    patternOf: (method, path) => route(method, path)?.pattern.slice(method.length + 1),
    async handle(request, response, path, body, id) {
      const method = request.method ?? 'GET';
      const given = request.headers['idempotency-key'];
      const key = method === 'POST' && typeof given === 'string' ? given : undefined;
      const headers: Record<string, string> = { 'content-type': 'application/json', 'request-id': id };
      if (key !== undefined) headers['idempotency-key'] = key;
      let made: Answer & { replayed?: boolean };
      try {
        if (!allowed(request.headers.authorization, options.key)) throw unauthorised();
        made = await answer(method, path, body, (request.url ?? '').split('?')[1] ?? '', key, id);
      } catch (error) {
        if (error instanceof URIError)
          made = {
            ...failed(new PspError(400, { type: 'invalid_request_error', message: 'Invalid request body.' })),
            ran: false,
          };
        else if (error instanceof PspError) made = { ...failed(error), ran: false };
        else throw error;
      }
      if (made.replayed) headers['idempotent-replayed'] = 'true';
      if (made.delivery === 'cut') return void response.destroy();
      if (made.delivery === 'hang') {
        const drop = setTimeout(() => response.destroy(), options.hangMs);
        response.once('close', () => clearTimeout(drop));
        return;
      }
      response.writeHead(made.status, headers).end(made.body);
    },
  };
}

const broken = () => new PspError(500, { type: 'api_error', message: 'An unknown error occurred.' });
const limited = () =>
  new PspError(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Too many requests hit the API too quickly.',
  });

function failed(error: PspError): Omit<Answer, 'ran'> {
  return { status: error.status, body: JSON.stringify({ error: error.body }), delivery: 'send' };
}

function allowed(header: string | undefined, key: string | undefined): boolean {
  const given = header?.startsWith('Bearer ') ? header.slice(7) : '';
  return key === undefined ? given.startsWith('sk_test_') : given === key;
}
