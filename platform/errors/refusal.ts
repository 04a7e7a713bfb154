/** An expected refusal: a value of one of the schema's types that implement `UserError`. */
export interface Refusal<Type extends string = string, Code extends string = string> {
  readonly __typename: Type;
  /** Stable, for programs. */
  readonly code: Code;
  /** For people. */
  readonly message: string;
  /** The field of the input it is about, from the argument down. */
  readonly path: string[];
}

/**
 * Makes the builder of one error type. The path is given from the input's fields down (`'lines', '0', 'sku'`);
 * facts that the type has beside the common four are spread behind: `{ ...cartFull('…', 'sku'), most: 50 }`.
 */
export const refusal =
  <const Type extends string, const Code extends string>(type: Type, code: Code) =>
  (message: string, ...path: string[]): Refusal<Type, Code> => ({
    __typename: type,
    code,
    message,
    path: ['input', ...path],
  });

export const invalidInput = refusal('InvalidInput', 'INVALID_INPUT');
export const notFound = refusal('NotFound', 'NOT_FOUND');
export const notAllowed = refusal('NotAllowed', 'NOT_ALLOWED');
/** A store or another context is down: nothing was changed, the same call may succeed later. */
export const notNow = refusal('Unavailable', 'UNAVAILABLE');

const reused = refusal('IdempotencyKeyReused', 'IDEMPOTENCY_KEY_REUSED');
export const keyReused = (
  message = 'This idempotency key was used with another input.',
  field = 'idempotencyKey',
) => reused(message, field);

const conflict = refusal('VersionConflict', 'VERSION_CONFLICT');
/** Somebody else was first: the caller has seen version `expected`, it stands at `actual`. */
export const versionConflict = (
  expected: number,
  actual: number,
  message = `It was changed meanwhile: it has version ${actual}, not ${expected}. Read it again.`,
  field = 'expectedVersion',
) => ({ ...conflict(message, field), expected, actual });
