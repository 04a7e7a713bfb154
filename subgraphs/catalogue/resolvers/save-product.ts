import type { AisleEvent } from '@aisle/platform/bus';
import { errorFields } from '@aisle/platform/log';
import type { Scope } from '@aisle/platform/service';
import type { Outcome } from '../domain/change-product.ts';
import type { Product } from '../domain/product.ts';
import { invalid, type Refusal, unavailableNow, versionConflict } from '../domain/refusal.ts';
import type { Ports } from '../store/index.ts';

/** The payload of every product mutation. */
export interface ProductPayload {
  readonly product: Product | null;
  readonly errors: Refusal[];
}

export const refusal = (...errors: Refusal[]): ProductPayload => ({ product: null, errors });

/** Stores what was decided, with its event, and makes it what the cache knows. */
export async function saveProduct(
  { ports, log }: Pick<Scope<Ports>, 'ports' | 'log'>,
  outcome: Outcome,
  expectedVersion: number,
  event: (product: Product) => AisleEvent,
): Promise<ProductPayload> {
  if (outcome.kind === 'refused') return refusal(...outcome.refusals);
  const { product } = outcome;
  if (outcome.kind === 'unchanged') return { product, errors: [] };
  const saved = await ports.store.save(product, expectedVersion, [event(product)]).catch((error: unknown) => {
    log.warn('product not saved', { productId: product.id, ...errorFields(error) });
    return { kind: 'unavailable' as const };
  });
  ports.reads.changed(product.id);
  switch (saved.kind) {
    case 'saved':
      ports.reads.remember(product);
      return { product, errors: [] };
    case 'conflict':
      return refusal(versionConflict(expectedVersion, saved.actual));
    case 'slug-taken':
      return refusal(invalid('Another product has this slug.', 'slug'));
    case 'gtin-taken':
      return refusal(invalid('You list a product with one of these GTINs already.', 'variants'));
    case 'unavailable':
      return refusal(unavailableNow('The catalogue cannot be changed at the moment; nothing was changed.'));
    default:
      return saved satisfies never;
  }
}
