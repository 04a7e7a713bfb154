import { createHash } from 'node:crypto';
import { notFound } from '@aisle/platform/errors';
import type { IdempotentCall } from '@aisle/platform/idempotency';
import type { Region } from '@aisle/platform/identity';
import { regionOf } from '@aisle/platform/ids';
import { CommandError, type Scope } from '@aisle/platform/service';
import { isSavedMethod, type PlaceOrderInput } from '../domain/input.ts';
import type { Order } from '../domain/order.ts';
import { judge, place } from '../domain/place.ts';
import { priceChanged, type Refusal, unavailable } from '../domain/refusal.ts';
import type { Ports } from '../store/index.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * The id that a call's order has or will have. Made from the call, so that every try of it, in whichever process,
 * freezes the cart for the same order.
 */
export function orderIdOf(call: IdempotentCall, region: Region): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([call.scope, call.key, call.inputHash]))
    .digest();
  let tail = '';
  for (const byte of digest.subarray(0, 26)) tail += ALPHABET[byte % 32];
  return `ord_${region}_${tail}`;
}

export type Prepared = { readonly order: Order } | { readonly refusals: readonly Refusal[] };

/** Asks all other contexts about a checkout, side by side, and changes nothing that it does not take back. */
export async function prepareOrder(
  scope: Scope<Ports>,
  input: PlaceOrderInput,
  orderId: string,
): Promise<Prepared> {
  const { caller, clock, ports } = scope;
  const { region, subject: userId } = caller;
  if (regionOf(input.cartId, 'crt') !== region)
    return { refusals: [notFound('There is no such cart.', 'cartId')] };
  const freezing = ports.contexts.freezeCart({ cartId: input.cartId, owner: userId, orderId }, asking(scope));
  const thaw = async () => {
    // A freeze without an answer may have happened. One that cannot be ended ends with the cart's next change.
    const frozen = await freezing.catch(() => undefined);
    if (frozen && 'refusal' in frozen) return;
    await ports.contexts.releaseCart({ cartId: input.cartId, orderId }, asking(scope)).catch(() => {});
  };
  try {
    const { paymentMethod } = input;
    const [cart, quote, address, mayPayWith] = await Promise.all([
      freezing,
      ports.contexts.quote(input.quoteId, asking(scope)),
      ports.contexts.address(userId, input.addressId, asking(scope)),
      !isSavedMethod(paymentMethod) || ports.contexts.hasMethod(userId, paymentMethod, asking(scope)),
    ]);
    if ('refusal' in cart) return { refusals: [cart.refusal] };
    const skus = cart.lines.map(({ sku }) => sku);
    const goods = ports.contexts.variants(skus, asking(scope)).then(async (variants) => {
      const sellers = [...new Set([...variants.values()].map(({ sellerId }) => sellerId))];
      return { variants, fees: await ports.contexts.fees(sellers, asking(scope)) };
    });
    const [short, { variants, fees }] = await Promise.all([
      ports.contexts.short(region, cart.lines, asking(scope)),
      goods,
    ]);
    const verdict = judge(region, { cart, quote, address, mayPayWith, variants, fees, short });
    switch (verdict.kind) {
      case 'refused':
        await thaw();
        return { refusals: verdict.refusals };
      case 'requote': {
        const quoteId = await ports.contexts.requote(region, userId, cart, asking(scope));
        await thaw();
        return { refusals: [priceChanged(quoteId)] };
      }
      case 'fine': {
        const { cartId } = input;
        const agreed = { quote: verdict.quote, address: verdict.address, variants, fees };
        return { order: place({ ...agreed, orderId, userId, region, cartId, now: clock.now() }) };
      }
      default:
        return verdict satisfies never;
    }
  } catch (error) {
    await thaw();
    if (!(error instanceof CommandError)) throw error;
    scope.log.warn('checkout not possible', { to: error.to, kind: error.kind, error: error.message });
    return { refusals: [unavailable()] };
  }
}

function asking({ deadline, signal, requestId, traceparent }: Scope<Ports>) {
  return { deadline, signal, requestId, timeoutMs: 4_000, ...(traceparent && { traceparent }) };
}
