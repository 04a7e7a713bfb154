import type { Failure } from './payment.ts';

/**
 * What the provider says about a payment, whichever way it was learnt: a reply, a webhook or a question.
 * `action`: the buyer must act · `held` · `taken` · `refused` · `ended`: cancelled or run out, nothing is held.
 */
export type Observation =
  | { readonly kind: 'action'; readonly intent: string }
  | { readonly kind: 'held'; readonly intent: string }
  | { readonly kind: 'taken'; readonly intent: string; readonly amount: bigint }
  | { readonly kind: 'refused'; readonly intent: string | null; readonly failure: Failure }
  | { readonly kind: 'ended'; readonly intent: string };

export const EXPIRED: Failure = { code: 'authorization_expired', message: 'The hold on the card has ended.' };
export const UNREACHABLE: Failure = {
  code: 'provider_error',
  message: 'The payment provider could not process the payment.',
};
