import { CARDS, type Card } from './cards.ts';
import type { Context } from './context.ts';
import { PspError, unexpectedState } from './errors.ts';
import { pspId } from './store.ts';
import type { Charge, PaymentIntent } from './types.ts';

/** The test card behind a payment method id, which is a token itself or was made from one. */
export function cardOf({ store }: Context, paymentMethod: string | null): Card {
  if (paymentMethod === null) return CARDS.pm_card_visa!;
  const saved = store.get('payment_method', paymentMethod);
  return CARDS[saved?.object === 'payment_method' ? saved.behaves : paymentMethod] ?? CARDS.pm_card_visa!;
}

/** Confirms: refused, waiting for the buyer, held, or taken at once when capture is automatic. @throws PspError 402 */
export function confirmIntent(context: Context, intent: PaymentIntent): PaymentIntent {
  const card = cardOf(context, intent.payment_method);
  if (card.decline) {
    const { code, declineCode, message } = card.decline;
    const charge = newCharge(context, intent, {
      failure_code: code,
      failure_message: message,
      paid: false,
      status: 'failed',
    });
    const refused: PaymentIntent = {
      ...intent,
      status: 'requires_payment_method',
      payment_method: null,
      latest_charge: charge.id,
      last_payment_error: { type: 'card_error', code, decline_code: declineCode, message, charge: charge.id },
    };
    context.store.put(charge, refused);
    context.emit('payment_intent.payment_failed', refused);
    throw new PspError(402, {
      type: 'card_error',
      code,
      decline_code: declineCode,
      message,
      charge: charge.id,
      payment_intent: refused,
    });
  }
  if (card.requiresAction) {
    const url = `${context.address()}/pay/action/${intent.client_secret}`;
    const waiting: PaymentIntent = {
      ...intent,
      status: 'requires_action',
      next_action: {
        type: 'redirect_to_url',
        redirect_to_url: { url, return_url: intent.return_url ?? null },
      },
    };
    context.store.put(waiting);
    context.emit('payment_intent.requires_action', waiting);
    return waiting;
  }
  return authoriseIntent(context, intent);
}

/** Holds the amount; takes it too when capture is automatic. */
export function authoriseIntent(context: Context, intent: PaymentIntent): PaymentIntent {
  const charge = newCharge(context, intent, {});
  const held: PaymentIntent = {
    ...intent,
    status: 'requires_capture',
    next_action: null,
    amount_capturable: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
  };
  if (intent.capture_method === 'automatic') return takeIntent(context, held, charge, intent.amount);
  context.store.put(charge, held);
  context.emit('payment_intent.amount_capturable_updated', held);
  return held;
}

export function takeIntent(
  context: Context,
  intent: PaymentIntent,
  charge: Charge,
  amount: number,
): PaymentIntent {
  const taken: PaymentIntent = {
    ...intent,
    status: 'succeeded',
    amount_capturable: 0,
    amount_received: amount,
  };
  context.store.put({ ...charge, captured: true, amount_captured: amount }, taken);
  context.emit('payment_intent.succeeded', taken);
  return taken;
}

/** Ends a hold, or an intent that never came to one. @throws PspError when it was taken or has ended before */
export function cancelIntent(context: Context, intent: PaymentIntent, reason: string | null): PaymentIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled')
    throw unexpectedState(intent, 'canceled');
  const ended: PaymentIntent = {
    ...intent,
    status: 'canceled',
    amount_capturable: 0,
    next_action: null,
    canceled_at: context.seconds(),
    cancellation_reason: reason,
  };
  const charge = intent.latest_charge ? context.store.get<Charge>('charge', intent.latest_charge) : undefined;
  if (charge?.status === 'succeeded')
    context.store.put({ ...charge, refunded: true, amount_refunded: charge.amount });
  context.store.put(ended);
  context.emit('payment_intent.canceled', ended);
  return ended;
}

/** The buyer said no on the action page, or the bank did. */
export function refuseAction(context: Context, intent: PaymentIntent): PaymentIntent {
  const message =
    'The provided PaymentMethod has failed authentication. Provide a new one to attempt to fulfil this PaymentIntent.';
  const refused: PaymentIntent = {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: {
      type: 'invalid_request_error',
      code: 'payment_intent_authentication_failure',
      message,
    },
  };
  context.store.put(refused);
  context.emit('payment_intent.payment_failed', refused);
  return refused;
}

function newCharge(context: Context, intent: PaymentIntent, changes: Partial<Charge>): Charge {
  return {
    id: pspId('ch'),
    object: 'charge',
    created: context.seconds(),
    livemode: false,
    metadata: intent.metadata,
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    captured: false,
    currency: intent.currency,
    customer: intent.customer,
    failure_code: null,
    failure_message: null,
    paid: true,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    refunded: false,
    status: 'succeeded',
    ...changes,
  };
}
