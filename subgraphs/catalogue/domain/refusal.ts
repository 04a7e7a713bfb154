import type { invalidInput, notAllowed, notFound, notNow, versionConflict } from '@aisle/platform/errors';

/** Every reason for which a product stays as it is. */
export type Refusal = ReturnType<
  typeof invalidInput | typeof notFound | typeof notAllowed | typeof notNow | typeof versionConflict
>;
