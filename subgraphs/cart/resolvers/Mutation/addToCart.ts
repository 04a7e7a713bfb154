import { notFound } from '@aisle/platform/errors';
import type { Cart } from '../../domain/cart.ts';
import { insufficientStock, notSoldHere, productWithdrawn, type Refusal } from '../../domain/refusal.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { asking } from '../asking.ts';
import { changeOwn, expecting } from '../own.ts';
import { quoteOf } from '../quotes.ts';

export const addToCart: NonNullable<MutationResolvers['addToCart']> = (_, { input }, scope) => {
  const { sku, quantity = 1 } = input;
  const check = async (next: Cart, before: Cart): Promise<Refusal | undefined> => {
    const wanted = next.lines.find((line) => line.sku === sku)!;
    const isNew = !before.lines.some((line) => line.sku === sku);
    const { shop } = scope.ports;
    const [variant, available, quote] = await Promise.all([
      shop.variant(sku, asking(scope, next.region)),
      shop.short({ sku, quantity: wanted.quantity }, asking(scope, next.region)),
      // A line that is there already has had a price; the new version is quoted when it is looked at.
      isNew ? quoteOf(scope, next) : undefined,
    ]);
    if (variant === 'unknown') return notFound('There is no such variant.', 'sku');
    if (variant === 'withdrawn') return productWithdrawn(sku);
    if (quote && 'missing' in quote && quote.missing === sku) return notSoldHere(sku);
    return available === undefined ? undefined : insufficientStock(sku, available);
  };
  return changeOwn(scope, { type: 'add', sku, quantity, ...expecting(input) }, { check });
};
