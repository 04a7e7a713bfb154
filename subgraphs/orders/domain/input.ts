import { invalidInput } from '@aisle/platform/errors';
import { hasPrefix } from '@aisle/platform/ids';
import type { Refusal } from './refusal.ts';

export interface PlaceOrderInput {
  readonly idempotencyKey: string;
  readonly cartId: string;
  readonly quoteId: string;
  readonly paymentMethod: string;
  readonly addressId: string;
}

const MAX_REASON = 500;

/** 12 to 19 digits that pass the Luhn check, however they are grouped: a card number, which must never come this far. */
export function looksLikeCardNumber(text: string): boolean {
  const digits = text.replace(/[\s.-]/g, '');
  if (!/^\d{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** Text that every store can keep: whole characters, and of the control characters only line breaks and tabs. */
function isText(text: string): boolean {
  return text.isWellFormed() && !/[^\P{Cc}\n\r\t]/u.test(text);
}

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
  if (looksLikeCardNumber(paymentMethod)) {
    refusals.push(
      invalidInput('Send a token of the payment provider, never a card number.', 'paymentMethod'),
    );
  } else if (!/^pm_[A-Za-z0-9_]{1,200}$/.test(paymentMethod) && !hasPrefix(paymentMethod, 'pmt')) {
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
  }
  return refusals;
}
