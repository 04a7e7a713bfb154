/** An expected refusal, as the schema shows it. */
export interface Refusal<Type extends string> {
  readonly __typename: Type;
  readonly code: string;
  readonly message: string;
  readonly path: string[];
}

const refusal =
  <Type extends string>(type: Type, code: string) =>
  (message: string, ...path: string[]): Refusal<Type> => ({ __typename: type, code, message, path });

export const invalidInput = refusal('InvalidInput', 'INVALID_INPUT');
export const notFound = refusal('NotFound', 'NOT_FOUND');
export const notAllowed = refusal('NotAllowed', 'NOT_ALLOWED');
export const unavailableNow = () =>
  refusal('Unavailable', 'UNAVAILABLE')('Prices cannot be changed just now; nothing was changed.', 'input');
export const keyReused = () =>
  refusal('IdempotencyKeyReused', 'IDEMPOTENCY_KEY_REUSED')(
    'This key was used with another input.',
    'input',
    'idempotencyKey',
  );

export const missingPrice = (sku: string, index: number) => ({
  ...refusal('MissingPrice', 'MISSING_PRICE')(
    `${sku} is not sold in this region.`,
    'input',
    'lines',
    String(index),
    'sku',
  ),
  sku,
});

export const quoteOutdated = (newQuoteId: string | null) => ({
  ...refusal('QuoteOutdated', 'PRICE_CHANGED')(
    'Prices changed since the quote was made, or it expired.',
    'input',
    'quoteId',
  ),
  newQuoteId,
});

export const versionConflict = (expected: number, actual: number) => ({
  ...refusal('VersionConflict', 'VERSION_CONFLICT')(
    `The price has version ${actual}, not ${expected}: read it again.`,
    'input',
    'expectedVersion',
  ),
  expected,
  actual,
});
