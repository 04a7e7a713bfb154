/** Something that a person can act on; printed as one sentence. */
export class ShopError extends Error {}

/** The marketplace said no, with a reason. */
export class Refused extends ShopError {
  readonly codes: readonly string[];
  constructor(message: string, codes: readonly string[]) {
    super(message);
    this.codes = codes;
  }
}

/** Something is not as it must be: the marketplace broke a promise. */
export class BrokenPromise extends ShopError {}
