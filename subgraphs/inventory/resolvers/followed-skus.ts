import { badInput } from '@aisle/platform/errors';
import { isSku } from '../domain/validate.ts';

const MAX_SKUS = 100;

/** The variants a subscription is about, each once. @throws BAD_USER_INPUT */
export function followedSkus(given: readonly string[]): string[] {
  if (given.length === 0 || given.length > MAX_SKUS) throw badInput(`Ask for 1 to ${MAX_SKUS} variants.`);
  if (!given.every(isSku)) throw badInput('One of these is not a SKU.');
  return [...new Set(given)];
}
