import type { AisleEvent } from '@aisle/platform/bus';
import { AisleError, invalidInput, notNow, versionConflict } from '@aisle/platform/errors';
import type { Scope } from '@aisle/platform/service';
import type { Outcome } from '../domain/change-product.ts';
import type { Product } from '../domain/product.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Ports } from '../store/index.ts';

/** The payload of every product mutation. */
export interface ProductPayload {
  readonly product: Product | null;
  readonly errors: Refusal[];
}

export const refusal = (...errors: Refusal[]): ProductPayload => ({ product: null, errors });

/** A mutation for which a database that is down is a refusal like others: nothing was changed then. */
export function answering<Args extends unknown[]>(
  resolve: (...args: Args) => Promise<ProductPayload>,
): (...args: Args) => Promise<ProductPayload> {
  return async (...args) => {
    try {
      return await resolve(...args);
    } catch (error) {
      if (!(error instanceof AisleError) || error.code !== 'UNAVAILABLE') throw error;
      return refusal(notNow('The catalogue cannot be changed at the moment; nothing was changed.'));
    }
  };
}

/** Stores what was decided, with its event, and makes it what the cache knows. */
export async function saveProduct(
  { ports }: Pick<Scope<Ports>, 'ports'>,
  outcome: Outcome,
  expectedVersion: number,
  event: (product: Product) => AisleEvent,
): Promise<ProductPayload> {
  if (outcome.kind === 'refused') return refusal(...outcome.refusals);
  const { product } = outcome;
  if (outcome.kind === 'unchanged') return { product, errors: [] };
  const saved = await ports.store.save(product, expectedVersion, [event(product)]).finally(() => {
    // Whatever came of it, what was cached is not to be trusted.
    ports.reads.changed(product.id);
  });
  switch (saved.kind) {
    case 'saved':
      ports.reads.remember(product);
      return { product, errors: [] };
    case 'conflict':
      return refusal(versionConflict(expectedVersion, saved.actual));
    case 'slug-taken':
      return refusal(invalidInput('Another product has this slug.', 'slug'));
    case 'gtin-taken':
      return refusal(invalidInput('You list a product with one of these GTINs already.', 'variants'));
    default:
      return saved satisfies never;
  }
}
