import { setWithdrawn } from '../../domain/change-product.ts';
import { productWithdrawn } from '../../events/published.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { ownProduct } from '../own-product.ts';
import { answering, refusal, saveProduct } from '../save-product.ts';

export const withdrawProduct: NonNullable<MutationResolvers['withdrawProduct']> = answering(
  async (_, { input }, scope) => {
    const product = await ownProduct(scope, input.id);
    if ('code' in product) return refusal(product);
    const now = scope.clock.now();
    const outcome = setWithdrawn(product, input.expectedVersion, true, now);
    return saveProduct(scope, outcome, product.version, (changed) =>
      productWithdrawn(changed, now, scope.traceparent),
    );
  },
);
