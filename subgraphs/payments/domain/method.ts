import type { Region } from '@aisle/platform/identity';

/** A saved way to pay: what shows it to its owner, and the provider's ids that charge it. Never a card number. */
export interface SavedMethod {
  readonly id: string;
  readonly userId: string;
  readonly region: Region;
  /** The token it was saved from: the same one again is the same method. */
  readonly source: string;
  /** The provider's ids of the method and of the customer it is saved with. */
  readonly token: string;
  readonly customer: string;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly createdAt: number;
}

/** Ways to pay that one person may keep. */
export const MAX_METHODS = 20;

const TOKEN = /^pm_[A-Za-z0-9_]{2,120}$/;

/** Whether a text has the form of a provider's payment method token. */
export const isToken = (text: string): boolean => TOKEN.test(text);
