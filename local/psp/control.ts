import type { Context } from './context.ts';
import { type Faults, readFault } from './faults.ts';
import { importHistory, type PastPayment } from './history.ts';
import type { Charge, PaymentIntent, Refund } from './types.ts';
import type { Webhooks } from './webhooks.ts';

/**
 * The emulator's own endpoints, for tests and audits on the same machine; nothing of them exists at Stripe.
 * `POST|GET|DELETE /_test/faults` · `GET /_test/state` · `GET /_test/orders/<id>` · `GET|POST /_test/webhook`
 * `POST /_test/import`
 */
export function control(
  {
    context,
    faults,
    webhooks,
    requests,
  }: { context: Context; faults: Faults; webhooks: Webhooks; requests: ReadonlyMap<string, number> },
  method: string,
  path: string,
  body: unknown,
): { status: number; body: unknown } {
  const { store } = context;
  if (path === '/_test/faults') {
    if (method === 'POST') for (const one of Array.isArray(body) ? body : [body]) faults.add(readFault(one));
    if (method === 'DELETE') faults.clear();
    return { status: 200, body: { faults: faults.list() } };
  }
  if (path === '/_test/state' && method === 'GET') {
    return {
      status: 200,
      body: {
        counts: store.counts(),
        requests: Object.fromEntries(requests),
        webhook: webhooks.endpoint.url,
      },
    };
  }
  if (path === '/_test/import' && method === 'POST') {
    return {
      status: 200,
      body: { imported: importHistory(store, (body as { intents: PastPayment[] }).intents) },
    };
  }
  if (path.startsWith('/_test/orders/') && method === 'GET')
    return { status: 200, body: orderState(context, path.slice(14)) };
  if (path === '/_test/webhook') {
    if (method === 'POST') {
      const { url, secret, events } = body as { url?: unknown; secret?: unknown; events?: unknown };
      if (typeof url === 'string') webhooks.endpoint.url = url;
      if (typeof secret === 'string') webhooks.endpoint.secret = secret;
      if (Array.isArray(events)) webhooks.endpoint.events = events.map(String);
      webhooks.wake();
    }
    return { status: 200, body: { url: webhooks.endpoint.url, events: webhooks.endpoint.events } };
  }
  return { status: 404, body: { error: 'unknown control path' } };
}

/** Everything that happened for an order (`metadata.order_id`), summed: what the audit compares with our books. */
function orderState({ store }: Context, orderId: string) {
  const intents = store
    .tagged('order_id', orderId)
    .map((id) => store.get<PaymentIntent>('payment_intent', id)!);
  const ids = new Set(intents.map((intent) => intent.id));
  const charges = intents
    .map((intent) => store.get<Charge>('charge', intent.latest_charge ?? ''))
    .filter((charge) => charge !== undefined);
  const refunds = charges.some((charge) => charge.captured && charge.amount_refunded > 0)
    ? store.all<Refund>('refund').filter((refund) => ids.has(refund.payment_intent))
    : [];
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  return {
    intents: intents.map(({ id, status, amount, amount_capturable, amount_received, currency }) => ({
      id,
      status,
      amount,
      amount_capturable,
      amount_received,
      currency,
    })),
    captures: charges.filter((charge) => charge.captured).length,
    held: sum(intents.map((intent) => intent.amount_capturable)),
    captured: sum(intents.map((intent) => intent.amount_received)),
    refunded: sum(refunds.map((refund) => refund.amount)),
  };
}
