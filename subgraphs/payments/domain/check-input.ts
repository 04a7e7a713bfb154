import { invalidInput } from '@aisle/platform/errors';
import type { Region } from '@aisle/platform/identity';
import { parseId } from '@aisle/platform/ids';
import { type Currency, currencyOf, type Money, money } from '@aisle/platform/money';
import { findCardNumber } from '@aisle/platform/privacy';
import { isText } from '@aisle/platform/text';
import { isToken } from './method.ts';

export type Problem = ReturnType<typeof invalidInput>;

/** The provider's largest charge, in minor units. */
const MAX_MINOR = 99_999_999;
const MAX_TEXT = 500;
const KEY = /^[\x21-\x7e]{1,128}$/;

/** Card numbers never get further than this: not into a store, not into a log. */
export function checkNoCardNumber(input: unknown): Problem | undefined {
  const path = findCardNumber(input);
  return (
    path &&
    invalidInput('This looks like a card number. Send the token of the payment provider instead.', ...path)
  );
}

export function checkOrder(input: {
  readonly orderId: string;
  readonly region: Region;
}): Problem | undefined {
  const id = parseId(input.orderId);
  if (id?.prefix !== 'ord') return invalidInput('This is not the id of an order.', 'orderId');
  if (id.region !== input.region) return invalidInput('The order is of another region.', 'region');
  return undefined;
}

/** A charge or refund in the region's currency, above zero. */
export function checkAmount(
  amount: { readonly currency: string; readonly minor: number | bigint },
  region: Region,
): Money | Problem {
  const currency: Currency = currencyOf(region);
  const path = 'amount';
  if (amount.currency !== currency) return invalidInput(`The currency of the region is ${currency}.`, path);
  if (amount.minor <= 0) return invalidInput('The amount must be above zero.', path);
  if (amount.minor > MAX_MINOR)
    return invalidInput(`The amount must be at most ${MAX_MINOR} minor units.`, path);
  return money(currency, amount.minor);
}

export function checkUser(userId: string, region: Region): Problem | undefined {
  const id = parseId(userId);
  const known = (id?.prefix === 'usr' || id?.prefix === 'gst') && id.region === region;
  return known ? undefined : invalidInput('This is not a buyer of the region.', 'userId');
}

export function checkToken(text: string, field: string): Problem | undefined {
  return isToken(text) ? undefined : invalidInput('This is not a token of the payment provider.', field);
}

export function checkReturnUrl(url: string | null): Problem | undefined {
  if (url === null) return undefined;
  const parsed = url.length <= MAX_TEXT && URL.canParse(url) ? new URL(url) : undefined;
  const fine =
    parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') && parsed.username === '';
  return fine ? undefined : invalidInput('The address to come back to must be an http(s) URL.', 'returnUrl');
}

export function checkRefundTexts(key: string, reason: string): Problem | undefined {
  if (!KEY.test(key)) return invalidInput('The key must be 1 to 128 printable characters.', 'key');
  if (reason.length > MAX_TEXT || !isText(reason))
    return invalidInput(`The reason may have at most ${MAX_TEXT} characters.`, 'reason');
  return undefined;
}
