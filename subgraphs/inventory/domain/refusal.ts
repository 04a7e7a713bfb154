/** An expected refusal: a value of one of the schema's error types. */
export type Refusal =
  | {
      readonly __typename: 'InvalidInput';
      readonly code: 'INVALID_INPUT';
      readonly message: string;
      readonly path: string[];
    }
  | {
      readonly __typename: 'NotFound';
      readonly code: 'NOT_FOUND';
      readonly message: string;
      readonly path: string[];
    }
  | {
      readonly __typename: 'NotAllowed';
      readonly code: 'NOT_ALLOWED';
      readonly message: string;
      readonly path: string[];
    }
  | {
      readonly __typename: 'Unavailable';
      readonly code: 'UNAVAILABLE';
      readonly message: string;
      readonly path: string[];
    }
  | {
      readonly __typename: 'HoldExpired';
      readonly code: 'HOLD_EXPIRED';
      readonly message: string;
      readonly path: string[];
    }
  | {
      readonly __typename: 'IdempotencyKeyReused';
      readonly code: 'IDEMPOTENCY_KEY_REUSED';
      readonly message: string;
      readonly path: string[];
    }
  | {
      readonly __typename: 'InsufficientStock';
      readonly code: 'INSUFFICIENT_STOCK';
      readonly message: string;
      readonly path: string[];
      readonly sku: string;
      readonly available: number;
    };

export const invalidInput = (message: string, ...path: string[]): Refusal => ({
  __typename: 'InvalidInput',
  code: 'INVALID_INPUT',
  message,
  path: ['input', ...path],
});

export const notFound = (message: string, ...path: string[]): Refusal => ({
  __typename: 'NotFound',
  code: 'NOT_FOUND',
  message,
  path: ['input', ...path],
});

export const notAllowed = (message: string, ...path: string[]): Refusal => ({
  __typename: 'NotAllowed',
  code: 'NOT_ALLOWED',
  message,
  path: ['input', ...path],
});

export const unavailableNow = (): Refusal => ({
  __typename: 'Unavailable',
  code: 'UNAVAILABLE',
  message: 'Stock cannot be changed just now. Nothing was changed; try again.',
  path: ['input'],
});

export const holdExpired = (): Refusal => ({
  __typename: 'HoldExpired',
  code: 'HOLD_EXPIRED',
  message: 'The stock is no longer held for this order.',
  path: ['input', 'orderId'],
});

export const keyReused = (): Refusal => ({
  __typename: 'IdempotencyKeyReused',
  code: 'IDEMPOTENCY_KEY_REUSED',
  message: 'This key was already used with another input.',
  path: ['input', 'idempotencyKey'],
});

export const insufficientStock = (sku: string, available: number, ...path: string[]): Refusal => ({
  __typename: 'InsufficientStock',
  code: 'INSUFFICIENT_STOCK',
  message: available === 0 ? 'There is none left.' : `There are only ${available} left.`,
  path: ['input', ...path],
  sku,
  available,
});
