/** An expected refusal, as the schema shows it: `{ __typename, code, message, path }`. */
export interface Refusal<
  Type extends string = 'InvalidInput' | 'NotFound' | 'NotAllowed' | 'SellerNameTaken',
> {
  readonly __typename: Type;
  readonly code: string;
  readonly message: string;
  readonly path: string[];
}

export interface VersionConflict extends Refusal<'VersionConflict'> {
  readonly expected: number;
  readonly actual: number;
}

export interface AlreadySeller extends Refusal<'AlreadySeller'> {
  readonly sellerId: string;
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

export const nameTaken: Refusal<'SellerNameTaken'> = {
  __typename: 'SellerNameTaken',
  code: 'SELLER_NAME_TAKEN',
  message: 'Another seller has this name.',
  path: ['input', 'name'],
};

export const versionConflict = (expected: number, actual: number): VersionConflict => ({
  __typename: 'VersionConflict',
  code: 'VERSION_CONFLICT',
  message: `The seller has version ${actual}, not ${expected}: read it again.`,
  path: ['input', 'expectedVersion'],
  expected,
  actual,
});

export const alreadySeller = (sellerId: string): AlreadySeller => ({
  __typename: 'AlreadySeller',
  code: 'ALREADY_SELLER',
  message: 'You own a seller already.',
  path: ['input'],
  sellerId,
});
