import type { Cart } from '../../domain/cart.ts';
import { insufficientStock, type Refusal } from '../../domain/refusal.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { asking } from '../asking.ts';
import { changeOwn, expecting } from '../own.ts';

export const setCartQuantity: NonNullable<MutationResolvers['setCartQuantity']> = (_, { input }, scope) => {
  const { sku, quantity } = input;
  const check = async (next: Cart, before: Cart): Promise<Refusal | undefined> => {
    const had = before.lines.find((line) => line.sku === sku)?.quantity ?? 0;
    // Taking fewer needs nobody's leave.
    if (quantity <= had) return undefined;
    const available = await scope.ports.shop.short({ sku, quantity }, asking(scope, next.region));
    return available === undefined ? undefined : insufficientStock(sku, available);
  };
  return changeOwn(scope, { type: 'set', sku, quantity, ...expecting(input) }, { check });
};
