import type { OrderStatus } from './order.ts';

interface Said {
  readonly message: string;
  /** Input field that it is about, from the argument down. */
  readonly path: readonly string[];
}

/** Why something is refused: what the schema calls a `UserError`, as resolvers answer it and orders store it. */
export type Refusal = Said &
  (
    | { readonly __typename: 'InvalidInput'; readonly code: 'INVALID_INPUT' }
    | { readonly __typename: 'NotFound'; readonly code: 'NOT_FOUND' }
    | { readonly __typename: 'EmptyCart'; readonly code: 'EMPTY_CART' }
    | { readonly __typename: 'Unavailable'; readonly code: 'UNAVAILABLE' }
    | { readonly __typename: 'IdempotencyKeyReused'; readonly code: 'IDEMPOTENCY_KEY_REUSED' }
    | {
        readonly __typename: 'VersionConflict';
        readonly code: 'VERSION_CONFLICT';
        readonly expected: number;
        readonly actual: number;
      }
    | {
        readonly __typename: 'PriceChanged';
        readonly code: 'PRICE_CHANGED';
        readonly quote: { readonly id: string } | null;
      }
    | { readonly __typename: 'ProductWithdrawn'; readonly code: 'PRODUCT_WITHDRAWN'; readonly sku: string }
    | {
        readonly __typename: 'InsufficientStock';
        readonly code: 'INSUFFICIENT_STOCK';
        readonly sku: string;
        readonly available: number;
      }
    | {
        readonly __typename: 'PaymentDeclined';
        readonly code: 'PAYMENT_DECLINED';
        readonly declineCode: string;
      }
    | {
        readonly __typename: 'PaymentActionRequired';
        readonly code: 'PAYMENT_ACTION_REQUIRED';
        readonly url: string;
        readonly clientSecret: string;
      }
    | {
        readonly __typename: 'OrderNotCancellable';
        readonly code: 'ORDER_NOT_CANCELLABLE';
        readonly status: OrderStatus;
      }
  );

const of = (...field: string[]) => ['input', ...field];

export const invalidInput = (message: string, ...field: string[]): Refusal => ({
  __typename: 'InvalidInput',
  code: 'INVALID_INPUT',
  message,
  path: of(...field),
});

export const notFound = (message: string, ...field: string[]): Refusal => ({
  __typename: 'NotFound',
  code: 'NOT_FOUND',
  message,
  path: of(...field),
});

export const emptyCart = (): Refusal => ({
  __typename: 'EmptyCart',
  code: 'EMPTY_CART',
  message: 'There is nothing in the cart.',
  path: of('cartId'),
});

export const unavailable = (message = 'This does not work at the moment. Please try again.'): Refusal => ({
  __typename: 'Unavailable',
  code: 'UNAVAILABLE',
  message,
  path: [],
});

export const keyReused = (): Refusal => ({
  __typename: 'IdempotencyKeyReused',
  code: 'IDEMPOTENCY_KEY_REUSED',
  message: 'This idempotency key was used with another input.',
  path: of('idempotencyKey'),
});

export const versionConflict = (expected: number, actual: number, ...field: string[]): Refusal => ({
  __typename: 'VersionConflict',
  code: 'VERSION_CONFLICT',
  message: 'It was changed meanwhile.',
  path: of(...field),
  expected,
  actual,
});

export const priceChanged = (quoteId: string | null): Refusal => ({
  __typename: 'PriceChanged',
  code: 'PRICE_CHANGED',
  message: 'The price is no longer what it was. Please look at the new one.',
  path: of('quoteId'),
  quote: quoteId === null ? null : { id: quoteId },
});

export const productWithdrawn = (sku: string): Refusal => ({
  __typename: 'ProductWithdrawn',
  code: 'PRODUCT_WITHDRAWN',
  message: 'A product in the cart is no longer sold.',
  path: of('cartId'),
  sku,
});

export const insufficientStock = (sku: string, available: number): Refusal => ({
  __typename: 'InsufficientStock',
  code: 'INSUFFICIENT_STOCK',
  message: available > 0 ? `Only ${available} left.` : 'Sold out.',
  path: of('cartId'),
  sku,
  available,
});

export const paymentDeclined = (
  declineCode: string,
  message = 'The payment was refused. Nothing is charged.',
): Refusal => ({
  __typename: 'PaymentDeclined',
  code: 'PAYMENT_DECLINED',
  message,
  path: of('paymentMethod'),
  declineCode,
});

export const paymentActionRequired = (url: string, clientSecret: string): Refusal => ({
  __typename: 'PaymentActionRequired',
  code: 'PAYMENT_ACTION_REQUIRED',
  message: 'Please confirm the payment with your bank.',
  path: of('paymentMethod'),
  url,
  clientSecret,
});

export const notCancellable = (status: OrderStatus): Refusal => ({
  __typename: 'OrderNotCancellable',
  code: 'ORDER_NOT_CANCELLABLE',
  message: 'This order can no longer be cancelled.',
  path: of('orderId'),
  status,
});
