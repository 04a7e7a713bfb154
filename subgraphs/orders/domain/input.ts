import { invalidInput } from '@aisle/platform/errors';
import { hasPrefix } from '@aisle/platform/ids';
import { holdsCardNumber } from '@aisle/platform/privacy';
import { isText } from '@aisle/platform/text';
import type { Refusal } from './refusal.ts';

export interface PlaceOrderInput {
  readonly idempotencyKey: string;
  readonly cartId: string;
  readonly quoteId: string;
  readonly paymentMethod: string;
  readonly addressId: string;
}

const MAX_REASON = 500;

/** A way to pay that payments keep, other than a token that the payment provider gave. */
export const isSavedMethod = (paymentMethod: string): boolean => hasPrefix(paymentMethod, 'pmt');

/** What is wrong with the form of a key, whatever it was used for. */
function checkKey(isKey: boolean): Refusal[] {
  return isKey
    ? []
    : [invalidInput('An idempotency key has 8 to 128 printable characters.', 'idempotencyKey')];
}

/** What is wrong with the form of a checkout's input; ids of a wrong kind are told as not found, by whoever looks. */
export function checkPlaceOrder(input: PlaceOrderInput, isKey: boolean): Refusal[] {
  const refusals = checkKey(isKey);
  const { paymentMethod } = input;
  if (holdsCardNumber(paymentMethod)) {
    refusals.push(
      invalidInput('Send a token of the payment provider, never a card number.', 'paymentMethod'),
    );
  } else if (!/^pm_[A-Za-z0-9_]{1,200}$/.test(paymentMethod) && !isSavedMethod(paymentMethod)) {
    refusals.push(invalidInput('This is neither a payment token nor a saved way to pay.', 'paymentMethod'));
  }
  return refusals;
}

/** What is wrong with the form of a cancellation. */
export function checkCancelOrder(input: { readonly reason?: string | null }, isKey: boolean): Refusal[] {
  const refusals = checkKey(isKey);
  const reason = input.reason ?? '';
  if (reason.length > MAX_REASON) {
    refusals.push(invalidInput(`A reason has at most ${MAX_REASON} characters.`, 'reason'));
  } else if (!isText(reason)) {
    refusals.push(invalidInput('A reason is text, without control characters.', 'reason'));
  } else if (holdsCardNumber(reason)) {
    refusals.push(invalidInput('A reason never holds a card number.', 'reason'));
  }
  return refusals;
}
