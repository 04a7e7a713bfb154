/** Something that a person can act on; printed as one sentence. */
export class ShopError extends Error {}

/** Something is not as it must be: the marketplace broke a promise. */
export class BrokenPromise extends ShopError {}
