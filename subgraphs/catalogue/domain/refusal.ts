/** Expected refusals of the catalogue's mutations, as the schema's error types. */
export type Refusal =
  | {
      readonly __typename: 'InvalidInput' | 'NotFound' | 'NotAllowed' | 'Unavailable';
      readonly code: string;
      readonly message: string;
      readonly path: string[];
    }
  | {
      readonly __typename: 'VersionConflict';
      readonly code: string;
      readonly message: string;
      readonly path: string[];
      readonly expected: number;
      readonly actual: number;
    };

export const invalid = (message: string, ...path: string[]): Refusal => ({
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

export const unavailableNow = (message: string): Refusal => ({
  __typename: 'Unavailable',
  code: 'UNAVAILABLE',
  message,
  path: ['input'],
});

export const versionConflict = (expected: number, actual: number): Refusal => ({
  __typename: 'VersionConflict',
  code: 'VERSION_CONFLICT',
  message: `It was changed meanwhile: you changed version ${expected}, it is at version ${actual}.`,
  path: ['input', 'expectedVersion'],
  expected,
  actual,
});
