import type { ServerResponse } from 'node:http';
import { readBody } from '@aisle/platform/http';
import { errorFields } from '@aisle/platform/log';
import type { HttpRoute } from '@aisle/platform/service';
import { decide } from '../domain/decide.ts';
import { isOpen } from '../domain/payment.ts';
import type { Ports, ProviderEvent, Wait } from '../store/index.ts';

const MAX_BODY = 256 * 1024;
/** The provider waits longer than this for our answer, milliseconds. */
const MAX_WAIT_MS = 4_000;

/**
 * `POST /webhooks/stripe`. A message with a right and recent signature is only a hint that something happened: what did
 * is asked of the provider, so that order, loss and repetition of messages do not matter.
 * 200: nothing more to do · 400: not from the provider · 500: send it again.
 */
export function stripeWebhookRoute(ports: Ports): HttpRoute {
  return async (request, response) => {
    const body = (await readBody(request, MAX_BODY)).toString();
    const signature = request.headers['stripe-signature'];
    const event = ports.webhooks.verify(
      body,
      typeof signature === 'string' ? signature : undefined,
      ports.clock.now(),
    );
    if (!event) return answer(response, 400, 'signature refused');
    try {
      await receive(event, ports);
      answer(response, 200, 'received');
    } catch (error) {
      ports.log.warn('webhook not handled', { event: event.id, type: event.type, ...errorFields(error) });
      answer(response, 500, 'not handled');
    }
  };
}

async function receive(event: ProviderEvent, ports: Ports): Promise<void> {
  const wait: Wait = { deadline: ports.clock.now() + MAX_WAIT_MS };
  if (event.orderId === undefined) return;
  if (event.type === 'refund.failed' || event.type === 'refund.updated') {
    return receiveRefund(event, event.orderId, ports, wait);
  }
  if (event.type.startsWith('payment_intent.') && event.seen)
    await receiveIntent(event, event.orderId, ports, wait);
}

async function receiveRefund(
  { id, objectId }: ProviderEvent,
  orderId: string,
  { payments, ledger, refunding }: Ports,
  wait: Wait,
): Promise<void> {
  const refund = await payments.refundByReference(orderId, objectId);
  if (refund) return refunding.look(refund, id, wait);
  const payment = await ledger.load(orderId);
  if (!payment) return;
  const isGivenBack = payment.state.kind === 'voiding' && payment.captured > 0n;
  const asked = await payments.refunds(payment.region, [orderId]);
  // It may be about a refund whose own answer has not come yet: told again later, it will be known.
  if (isGivenBack || asked.some(({ status }) => status === 'pending'))
    throw new Error('The answer that names this refund has not come yet.');
}

async function receiveIntent(
  { id, seen }: ProviderEvent,
  orderId: string,
  ports: Ports,
  wait: Wait,
): Promise<void> {
  // Most messages tell what the command that is under way, or just ended, has learnt from the reply already.
  await ports.settlement.underWay(orderId)?.then(undefined, () => {});
  const remembered = ports.recent.get(orderId);
  if (remembered && !isNews(seen, remembered)) return;
  const payment = await ports.ledger.load(orderId);
  if (!payment || !isNews(seen, payment)) return;
  const after = await ports.settlement.look(payment, wait, id);
  if (isOpen(after.state)) await ports.settlement.settle(after, wait);
}

function isNews(seen: ProviderEvent['seen'], payment: Parameters<typeof decide>[1]): boolean {
  const decision = seen && decide({ kind: 'observe', seen }, payment);
  return decision !== undefined && !('conflict' in decision) && decision.length > 0;
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}
