import { type Call, type Context, type Handler, ok } from './context.ts';
import { invalid, missing, missingParam, PspError } from './errors.ts';
import { fields, text } from './form.ts';
import { cardOf } from './intent-state.ts';
import { createdWithin, listOf } from './listing.ts';
import { amountOf } from './payment-intents.ts';
import { pspId } from './store.ts';
import type { Charge, PaymentIntent, Refund } from './types.ts';

export const createRefund: Handler = (context, call) => {
  const { store, seconds, emit } = context;
  const { params } = call;
  const charge = refundable(context, call);
  const left = charge.amount_captured - charge.amount_refunded;
  const wanted = text(params, 'amount');
  const amount = wanted === undefined ? left : amountOf(wanted);
  if (left === 0)
    throw invalid(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded');
  if (amount > left)
    throw invalid(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      'amount',
    );
  const card = cardOf(context, charge.payment_method);
  if (card.onRefund === 'fail') {
    throw new PspError(402, {
      type: 'card_error',
      code: 'card_declined',
      message: 'The card does not accept refunds.',
    });
  }
  const refund: Refund = {
    id: pspId('re'),
    object: 'refund',
    created: seconds(),
    livemode: false,
    metadata: fields(params, 'metadata'),
    amount,
    charge: charge.id,
    currency: charge.currency,
    payment_intent: charge.payment_intent,
    reason: text(params, 'reason') ?? null,
    status: 'succeeded',
  };
  const refunded = charge.amount_refunded + amount;
  const updated = { ...charge, amount_refunded: refunded, refunded: refunded === charge.amount_captured };
  store.put(refund, updated);
  emit('refund.created', refund);
  emit('charge.refunded', updated);
  return ok(refund, card.onRefund === 'cut' ? 'cut' : undefined);
};

function refundable({ store }: Context, { params }: Call): Charge {
  const intentId = text(params, 'payment_intent');
  const chargeId = text(params, 'charge');
  if (intentId === undefined && chargeId === undefined) throw missingParam('payment_intent');
  const intent = intentId === undefined ? undefined : store.get<PaymentIntent>('payment_intent', intentId);
  if (intentId !== undefined && !intent) throw missing('payment_intent', intentId, 'payment_intent');
  const charge = store.get<Charge>('charge', chargeId ?? intent?.latest_charge ?? '');
  if (chargeId !== undefined && !charge) throw missing('charge', chargeId, 'charge');
  if (!charge?.captured)
    throw invalid('This PaymentIntent does not have a successful charge to refund.', 'payment_intent');
  return charge;
}

export const retrieveRefund: Handler = ({ store }, { ids: [id = ''] }) => {
  const refund = store.get<Refund>('refund', id);
  if (!refund) throw missing('refund', id);
  return ok(refund);
};

export const listRefunds: Handler = ({ store }, { params }) => {
  const intent = text(params, 'payment_intent');
  const charge = text(params, 'charge');
  const within = createdWithin(params);
  const matches = (refund: Refund) =>
    within(refund) &&
    (intent === undefined || refund.payment_intent === intent) &&
    (charge === undefined || refund.charge === charge);
  return ok(listOf('/v1/refunds', store.all<Refund>('refund'), params, matches));
};

export const retrieveCharge: Handler = ({ store }, { ids: [id = ''] }) => {
  const charge = store.get<Charge>('charge', id);
  if (!charge) throw missing('charge', id);
  return ok(charge);
};

export const listCharges: Handler = ({ store }, { params }) => {
  const intent = text(params, 'payment_intent');
  const within = createdWithin(params);
  const matches = (charge: Charge) =>
    within(charge) && (intent === undefined || charge.payment_intent === intent);
  return ok(listOf('/v1/charges', store.all<Charge>('charge'), params, matches));
};

/** What was taken and not given back, by currency. */
export const balance: Handler = ({ store }) => {
  const totals = new Map<string, number>();
  for (const charge of store.all<Charge>('charge')) {
    if (!charge.captured) continue;
    totals.set(
      charge.currency,
      (totals.get(charge.currency) ?? 0) + charge.amount_captured - charge.amount_refunded,
    );
  }
  const available = [...totals].map(([currency, amount]) => ({
    amount,
    currency,
    source_types: { card: amount },
  }));
  return ok({ object: 'balance', available, livemode: false, pending: [] });
};
