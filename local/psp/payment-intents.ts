import type { Call, Context, Handler } from './context.ts';
import { ok } from './context.ts';
import { invalid, missing, missingParam, PspError, unexpectedState } from './errors.ts';
import { fields, flag, text } from './form.ts';
import { cancelIntent, cardOf, confirmIntent, takeIntent } from './intent-state.ts';
import { createdWithin, listOf } from './listing.ts';
import { usablePaymentMethod } from './payment-methods.ts';
import { pspId } from './store.ts';
import type { Charge, Delivery, PaymentIntent, Reply } from './types.ts';

/** Stripe's smallest and largest charge, in minor units. */
const MIN_AMOUNT = 1;
const MAX_AMOUNT = 99_999_999;
const CURRENCIES = ['usd', 'eur', 'gbp', 'inr', 'brl'];

const HANGS: Partial<Record<string, Delivery>> = { cut: 'cut', hang: 'hang' };

export const createIntent: Handler = (context, { params }) => {
  const customer = text(params, 'customer') ?? null;
  if (customer && !context.store.get('customer', customer)) throw missing('customer', customer, 'customer');
  const method = text(params, 'payment_method');
  if (method) usablePaymentMethod(context, method, customer);
  const currency = (text(params, 'currency') ?? '').toLowerCase();
  if (currency === '') throw missingParam('currency');
  if (!CURRENCIES.includes(currency)) throw invalid(`Invalid currency: ${currency}.`, 'currency');
  const id = pspId('pi');
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    amount: amountOf(text(params, 'amount')),
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: text(params, 'capture_method') === 'manual' ? 'manual' : 'automatic',
    client_secret: `${id}_${pspId('secret')}`,
    confirmation_method: 'automatic',
    created: context.seconds(),
    currency,
    customer,
    description: text(params, 'description') ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: fields(params, 'metadata'),
    next_action: null,
    payment_method: method ?? null,
    payment_method_types: ['card'],
    return_url: text(params, 'return_url') ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
  };
  context.store.put(intent);
  if (!flag(params, 'confirm')) return ok(intent);
  if (!method)
    throw invalid(
      'You cannot confirm this PaymentIntent because it is missing a payment method.',
      'payment_method',
    );
  return confirmed(context, intent);
};

export const confirm: Handler = (context, call) => {
  const intent = found(context, call);
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
    throw unexpectedState(intent, 'confirmed');
  }
  const method = text(call.params, 'payment_method') ?? intent.payment_method;
  if (!method)
    throw invalid(
      'You cannot confirm this PaymentIntent because it is missing a payment method.',
      'payment_method',
    );
  usablePaymentMethod(context, method, intent.customer);
  return confirmed(context, {
    ...intent,
    payment_method: method,
    return_url: text(call.params, 'return_url') ?? intent.return_url ?? null,
  });
};

function confirmed(context: Context, intent: PaymentIntent): Reply {
  const card = cardOf(context, intent.payment_method);
  return ok(confirmIntent(context, intent), HANGS[card.onConfirm ?? '']);
}

export const capture: Handler = (context, call) => {
  const intent = found(context, call);
  if (intent.status !== 'requires_capture') throw unexpectedState(intent, 'captured');
  const card = cardOf(context, intent.payment_method);
  if (card.onCapture === 'fail') {
    throw new PspError(402, {
      type: 'card_error',
      code: 'capture_charge_authorization_expired',
      message: 'The authorization of this charge has expired and it cannot be captured.',
      payment_intent: intent,
    });
  }
  const wanted = text(call.params, 'amount_to_capture');
  const amount = wanted === undefined ? intent.amount_capturable : amountOf(wanted);
  if (amount > intent.amount_capturable) {
    throw invalid(
      'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge.',
      'amount_to_capture',
      'amount_too_large',
    );
  }
  const charge = context.store.get<Charge>('charge', intent.latest_charge ?? '')!;
  return ok(takeIntent(context, intent, charge, amount), HANGS[card.onCapture ?? '']);
};

export const cancel: Handler = (context, call) => {
  const intent = found(context, call);
  const card = cardOf(context, intent.payment_method);
  return ok(
    cancelIntent(context, intent, text(call.params, 'cancellation_reason') ?? null),
    HANGS[card.onCancel ?? ''],
  );
};

export const retrieveIntent: Handler = (context, call) => {
  const intent = found(context, call);
  const expand = call.params.expand;
  if (typeof expand !== 'object' || !Object.values(expand).includes('latest_charge')) return ok(intent);
  return ok({ ...intent, latest_charge: context.store.get('charge', intent.latest_charge ?? '') ?? null });
};

export const listIntents: Handler = (context, { params }) => {
  const customer = text(params, 'customer');
  const within = createdWithin(params);
  const matches = (intent: PaymentIntent) =>
    within(intent) && (customer === undefined || intent.customer === customer);
  return ok(
    listOf('/v1/payment_intents', context.store.all<PaymentIntent>('payment_intent'), params, matches),
  );
};

/** `query=metadata['order']:'ord_…'`, several joined with AND, plus `status:'…'`. Stripe's index lags; this one does not. */
export const searchIntents: Handler = (context, { params }) => {
  const query = text(params, 'query');
  if (query === undefined) throw missingParam('query');
  const clauses = [...query.matchAll(/(?:metadata\['([^']+)'\]|(status|currency|customer)):'([^']*)'/g)];
  if (
    clauses.length === 0 ||
    clauses.map((clause) => clause[0]).join(' AND ') !== query.trim().replaceAll('"', "'")
  ) {
    throw invalid('We were unable to parse your search query.', 'query');
  }
  const tag = clauses.find((clause) => clause[1] !== undefined);
  const ids = tag
    ? context.store.tagged(tag[1]!, tag[3]!)
    : context.store.all('payment_intent').map((intent) => intent.id);
  const data = ids
    .map((id) => context.store.get<PaymentIntent>('payment_intent', id)!)
    .filter((intent) =>
      clauses.every(([, name, field, value]) =>
        name
          ? intent.metadata[name] === value
          : intent[field as 'status' | 'currency' | 'customer'] === value,
      ),
    )
    .reverse();
  const limit = Math.min(100, Number(text(params, 'limit') ?? 10));
  return ok({
    object: 'search_result',
    url: '/v1/payment_intents/search',
    has_more: data.length > limit,
    next_page: null,
    data: data.slice(0, limit),
  });
};

export function found({ store }: Context, { ids: [id = ''] }: Call): PaymentIntent {
  const intent = store.get<PaymentIntent>('payment_intent', id);
  if (!intent) throw missing('payment_intent', id, 'intent');
  return intent;
}

export function amountOf(given: string | undefined, param = 'amount'): number {
  if (given === undefined) throw missingParam(param);
  const amount = Number(given);
  if (!Number.isInteger(amount))
    throw invalid(`Invalid integer: ${given}`, param, 'parameter_invalid_integer');
  if (amount < MIN_AMOUNT)
    throw invalid('This value must be greater than or equal to 1.', param, 'parameter_invalid_integer');
  if (amount > MAX_AMOUNT)
    throw invalid('Amount must be no more than 999,999.99.', param, 'amount_too_large');
  return amount;
}
