import {
  type invalidInput,
  type keyReused,
  type notAllowed,
  type notFound,
  notNow,
  refusal,
} from '@aisle/platform/errors';

export const unavailableNow = () =>
  notNow('Stock cannot be changed just now. Nothing was changed; try again.');

const expired = refusal('HoldExpired', 'HOLD_EXPIRED');
export const holdExpired = () => expired('The stock is no longer held for this order.', 'orderId');

const shortOfStock = refusal('InsufficientStock', 'INSUFFICIENT_STOCK');
export const insufficientStock = (sku: string, available: number, ...path: string[]) => ({
  ...shortOfStock(available === 0 ? 'There is none left.' : `There are only ${available} left.`, ...path),
  sku,
  available,
});

/** Every reason for which stock stays as it is. */
export type Refusal = ReturnType<
  | typeof invalidInput
  | typeof notFound
  | typeof notAllowed
  | typeof keyReused
  | typeof unavailableNow
  | typeof holdExpired
  | typeof insufficientStock
>;
