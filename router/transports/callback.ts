import { request as send } from 'undici';
import type { SubgraphRequest } from '../engine/types.ts';
import type { Callbacks } from './callbacks.ts';
import type { EventQueue } from './event-queue.ts';
import { parseResponse } from './http-response.ts';
import { TransportError } from './transport-error.ts';
import type { SubscriptionOptions } from './web-socket.ts';

/** What tells the subgraph to post its events instead of answering with them. */
const ACCEPT = 'application/json;callbackSpec=1.0, application/json';
/** Milliseconds the subgraph has to take the subscription on. */
const TIMEOUT = 10_000;

/**
 * One subscription whose events the subgraph posts to the router (Apollo's HTTP callback protocol, `callback/1.0`).
 * `sign` vouches for the body that is sent, which names the address to post to.
 */
export async function subscribeOverCallback(
  options: SubscriptionOptions,
  request: SubgraphRequest,
  body: string,
  callbacks: Callbacks,
  sign: (body: string) => Record<string, string> | Promise<Record<string, string>>,
): Promise<EventQueue> {
  const { name, maxBufferedEvents, maxResponseBytes } = options;
  const { signal } = request.context;
  const callback = callbacks.open(name, maxBufferedEvents, maxResponseBytes);
  const abort = (): void => callback.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const extended = `${body.slice(0, -1)},"extensions":${JSON.stringify({ subscription: callback.extension })}}`;
    const response = await send(options.subscriptionUrl ?? options.url, {
      method: 'POST',
      headers: { ...(await sign(extended)), accept: ACCEPT },
      body: extended,
      signal,
      headersTimeout: TIMEOUT,
      bodyTimeout: TIMEOUT,
    }).catch((cause: unknown) => {
      throw new TransportError('SUBGRAPH_UNREACHABLE', name, `Subgraph "${name}" could not be reached`, {
        cause,
      });
    });
    const { errors } = parseResponse(name, {
      status: response.statusCode,
      headers: { 'content-type': String(response.headers['content-type'] ?? '') },
      body: await textOf(response.body, name, maxResponseBytes),
    });
    // It was refused: that is all there will be.
    if (errors?.length) {
      callback.events.push({ errors });
      callback.close();
    }
    return callback.events;
  } catch (error) {
    callback.close();
    throw error;
  }
}

/** @throws TransportError `SUBGRAPH_RESPONSE_TOO_LARGE` */
async function textOf(stream: AsyncIterable<Buffer>, name: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new TransportError(
        'SUBGRAPH_RESPONSE_TOO_LARGE',
        name,
        `Subgraph "${name}" answered with more than ${maxBytes} bytes`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}
