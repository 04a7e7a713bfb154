import { z } from 'zod';
import { type CallbackMessage, Callbacks } from '../transports/index.ts';
import type { Exchange } from './exchange.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';

/** Takes in what a subgraph posts to `<path>/<id of its subscription>`. Rejects with what `answerFailure` of the GraphQL endpoint takes. */
export type CallbackEndpoint = (exchange: Exchange, id: string) => Promise<void>;

const PROTOCOL = { 'subscription-protocol': 'callback/1.0' } as const;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const message = z.object({
  kind: z.literal('subscription'),
  action: z.enum(['check', 'next', 'complete']),
  id: z.string(),
  verifier: z.string(),
  // As any answer of a subgraph: the engine looks at its insides.
  payload: z
    .custom<CallbackMessage['payload']>((value) => isMap(value) && ('data' in value || 'errors' in value))
    .optional(),
  errors: z.array(z.looseObject({ message: z.string() })).nullish(),
});

/** How subgraphs with `subscriptions: callback` reach this router. */
export interface CallbackSettings {
  /** Where they find `path` of this router. @default this router's own address, when that is on this machine */
  readonly publicUrl?: string;
  /** @default '/callback' */
  readonly path?: string;
  /** Milliseconds between two signs of life; three missed ones are a break. 0: none. @default 5000 */
  readonly heartbeat?: number;
}

export interface CallbackRoute {
  /** What paths of callbacks begin with; the id of the subscription follows. */
  readonly prefix: string;
  readonly endpoint: CallbackEndpoint;
  readonly callbacks: Callbacks;
  /** False: nothing says where subgraphs find this router. */
  readonly isReachable: boolean;
  /** Called once the port is known. */
  listening(port: number): void;
}

/** @param host Where the router listens: subgraphs on this machine find it there without being told. */
export function createCallbackRoute(settings: CallbackSettings = {}, host = '127.0.0.1'): CallbackRoute {
  const { path = '/callback', heartbeat = 5_000 } = settings;
  const isLocal = LOOPBACK.test(host);
  let publicUrl = settings.publicUrl?.replace(/\/$/, '') ?? '';
  const callbacks = new Callbacks({ publicUrl: () => publicUrl, heartbeat });
  return {
    prefix: `${path.replace(/\/$/, '')}/`,
    endpoint: createCallbackEndpoint(callbacks),
    callbacks,
    isReachable: isLocal || publicUrl !== '',
    listening(port) {
      publicUrl ||= `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
    },
  };
}

const LOOPBACK = /^(127\.|localhost$|::1$)/;

function refusalOf(status: number): Refusal | undefined {
  switch (status) {
    case 400:
      return new Refusal(400, 'BAD_REQUEST', 'The message is not for this address, or has no payload.');
    case 401:
      return new Refusal(401, 'UNAUTHENTICATED', 'The verifier is wrong.');
    case 404:
      return new Refusal(404, 'NOT_FOUND', 'There is no such subscription (any more).');
    default:
      return undefined;
  }
}

/** The router's side of Apollo's HTTP callback protocol, `callback/1.0`. */
function createCallbackEndpoint(callbacks: Callbacks): CallbackEndpoint {
  return async (exchange, id) => {
    const { request } = exchange;
    if (request.method !== 'POST')
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not served here.`, {
        allow: 'POST',
      });
    const status = await callbacks.receive(id, async (maxBytes) => read(await readBody(request, maxBytes)));
    const refusal = refusalOf(status);
    if (refusal) throw refusal;
    exchange.send(status, 'text/plain; charset=utf-8', '', PROTOCOL);
  };
}

function read(body: string): CallbackMessage {
  const parsed = message.safeParse(parse(body));
  if (!parsed.success) throw new Refusal(400, 'BAD_REQUEST', 'The body is no message of callback/1.0.');
  const { action, id, verifier, payload, errors } = parsed.data;
  return { action, id, verifier, payload, errors: errors as CallbackMessage['errors'] };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
