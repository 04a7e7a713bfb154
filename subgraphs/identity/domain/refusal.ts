/** An expected refusal, as the schema shows it: `{ __typename, code, message, path }`. */
export interface Refusal<Type extends string = 'InvalidInput' | 'NotFound' | 'NotAllowed' | 'Unavailable'> {
  readonly __typename: Type;
  readonly code: string;
  readonly message: string;
  readonly path: string[];
}

export const invalidInput = (message: string, ...path: string[]): Refusal<'InvalidInput'> => ({
  __typename: 'InvalidInput',
  code: 'INVALID_INPUT',
  message,
  path,
});

export const notFound = (message: string, ...path: string[]): Refusal<'NotFound'> => ({
  __typename: 'NotFound',
  code: 'NOT_FOUND',
  message,
  path,
});

export const notAllowed = (message: string, ...path: string[]): Refusal<'NotAllowed'> => ({
  __typename: 'NotAllowed',
  code: 'NOT_ALLOWED',
  message,
  path,
});

export const busy = (message: string): Refusal<'Unavailable'> => ({
  __typename: 'Unavailable',
  code: 'UNAVAILABLE',
  message,
  path: [],
});
