import {
  type invalidInput,
  type keyReused,
  type notFound,
  notNow,
  refusal,
  type versionConflict,
} from '@aisle/platform/errors';
import type { OrderStatus } from './order.ts';

const noLines = refusal('EmptyCart', 'EMPTY_CART');
export const emptyCart = () => noLines('There is nothing in the cart.', 'cartId');

export const unavailable = (message = 'This does not work at the moment. Please try again.') =>
  notNow(message);

const outdated = refusal('PriceChanged', 'PRICE_CHANGED');
/** With the quote that has the present prices, unless none could be made. */
export const priceChanged = (quoteId: string | null) => ({
  ...outdated('The price is no longer what it was. Please look at the new one.', 'quoteId'),
  quote: quoteId === null ? null : { id: quoteId },
});

const withdrawn = refusal('ProductWithdrawn', 'PRODUCT_WITHDRAWN');
export const productWithdrawn = (sku: string) => ({
  ...withdrawn('A product in the cart is no longer sold.', 'cartId'),
  sku,
});

const shortOfStock = refusal('InsufficientStock', 'INSUFFICIENT_STOCK');
export const insufficientStock = (sku: string, available: number) => ({
  ...shortOfStock(available > 0 ? `Only ${available} left.` : 'Sold out.', 'cartId'),
  sku,
  available,
});

const declined = refusal('PaymentDeclined', 'PAYMENT_DECLINED');
export const paymentDeclined = (
  declineCode: string,
  message = 'The payment was refused. Nothing is charged.',
) => ({ ...declined(message, 'paymentMethod'), declineCode });

const actionRequired = refusal('PaymentActionRequired', 'PAYMENT_ACTION_REQUIRED');
export const paymentActionRequired = (url: string, clientSecret: string) => ({
  ...actionRequired('Please confirm the payment with your bank.', 'paymentMethod'),
  url,
  clientSecret,
});

const tooLate = refusal('OrderNotCancellable', 'ORDER_NOT_CANCELLABLE');
export const notCancellable = (status: OrderStatus) => ({
  ...tooLate('This order can no longer be cancelled.', 'orderId'),
  status,
});

/** Why something is refused: what the schema calls a `UserError`, as resolvers answer it and orders store it. */
export type Refusal = ReturnType<
  | typeof invalidInput
  | typeof notFound
  | typeof keyReused
  | typeof versionConflict
  | typeof emptyCart
  | typeof unavailable
  | typeof priceChanged
  | typeof productWithdrawn
  | typeof insufficientStock
  | typeof paymentDeclined
  | typeof paymentActionRequired
  | typeof notCancellable
>;
