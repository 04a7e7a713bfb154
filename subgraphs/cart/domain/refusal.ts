interface Base<Name extends string, Code extends string> {
  readonly __typename: Name;
  readonly code: Code;
  readonly message: string;
  readonly path: string[];
}

/** An expected refusal: a value of one of the schema's error types. */
export type Refusal =
  | Base<'InvalidInput', 'INVALID_INPUT'>
  | Base<'NotFound', 'NOT_FOUND'>
  | Base<'Unavailable', 'UNAVAILABLE'>
  | Base<'EmptyCart', 'EMPTY_CART'>
  | Base<'CartFull', 'CART_FULL'>
  | (Base<'VersionConflict', 'VERSION_CONFLICT'> & { readonly expected: number; readonly actual: number })
  | (Base<'InsufficientStock', 'INSUFFICIENT_STOCK'> & { readonly sku: string; readonly available: number })
  | (Base<'ProductWithdrawn', 'PRODUCT_WITHDRAWN'> & { readonly sku: string })
  | (Base<'NotSoldHere', 'NOT_SOLD_HERE'> & { readonly sku: string });

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

export const unavailableNow = (): Refusal => ({
  __typename: 'Unavailable',
  code: 'UNAVAILABLE',
  message: 'The cart cannot be changed just now. Nothing was changed; try again.',
  path: ['input'],
});

export const cartIsEmpty = (): Refusal => ({
  __typename: 'EmptyCart',
  code: 'EMPTY_CART',
  message: 'There is nothing in the cart.',
  path: ['input', 'cartId'],
});

export const cartFull = (message: string, ...path: string[]): Refusal => ({
  __typename: 'CartFull',
  code: 'CART_FULL',
  message,
  path: ['input', ...path],
});

export const versionConflict = (
  expected: number,
  actual: number,
  message = 'The cart was changed meanwhile.',
): Refusal => ({
  __typename: 'VersionConflict',
  code: 'VERSION_CONFLICT',
  message,
  path: ['input', 'expectedVersion'],
  expected,
  actual,
});

export const insufficientStock = (sku: string, available: number): Refusal => ({
  __typename: 'InsufficientStock',
  code: 'INSUFFICIENT_STOCK',
  message: available === 0 ? 'There is none left.' : `There are only ${available} left.`,
  path: ['input', 'quantity'],
  sku,
  available,
});

export const productWithdrawn = (sku: string): Refusal => ({
  __typename: 'ProductWithdrawn',
  code: 'PRODUCT_WITHDRAWN',
  message: 'This is no longer sold.',
  path: ['input', 'sku'],
  sku,
});

export const notSoldHere = (sku: string): Refusal => ({
  __typename: 'NotSoldHere',
  code: 'NOT_SOLD_HERE',
  message: 'This has no price in your region.',
  path: ['input', 'sku'],
  sku,
});
