import {
  type invalidInput,
  type notFound,
  notNow,
  refusal,
  type versionConflict,
} from '@aisle/platform/errors';

export const unavailableNow = () =>
  notNow('The cart cannot be changed just now. Nothing was changed; try again.');

const emptyCart = refusal('EmptyCart', 'EMPTY_CART');
export const cartIsEmpty = () => emptyCart('There is nothing in the cart.', 'cartId');

export const cartFull = refusal('CartFull', 'CART_FULL');

const shortOfStock = refusal('InsufficientStock', 'INSUFFICIENT_STOCK');
export const insufficientStock = (sku: string, available: number) => ({
  ...shortOfStock(available === 0 ? 'There is none left.' : `There are only ${available} left.`, 'quantity'),
  sku,
  available,
});

const withdrawn = refusal('ProductWithdrawn', 'PRODUCT_WITHDRAWN');
export const productWithdrawn = (sku: string) => ({ ...withdrawn('This is no longer sold.', 'sku'), sku });

const unpriced = refusal('NotSoldHere', 'NOT_SOLD_HERE');
export const notSoldHere = (sku: string) => ({
  ...unpriced('This has no price in your region.', 'sku'),
  sku,
});

/** Every reason for which a cart stays as it is. */
export type Refusal = ReturnType<
  | typeof invalidInput
  | typeof notFound
  | typeof versionConflict
  | typeof unavailableNow
  | typeof cartIsEmpty
  | typeof cartFull
  | typeof insufficientStock
  | typeof productWithdrawn
  | typeof notSoldHere
>;
