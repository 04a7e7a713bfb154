import { invalidInput, notAllowed } from '@aisle/platform/errors';
import { hasPrefix, newId } from '@aisle/platform/ids';
import type { Scope } from '@aisle/platform/service';
import { createProduct, type DraftReferences, replaceProduct } from '../../domain/change-product.ts';
import type { ProductDraft } from '../../domain/product-draft.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { productChanged } from '../../events/published.ts';
import type { MutationResolvers, UpsertProductInput } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';
import { brands, tree } from '../loaders.ts';
import { ownProduct } from '../own-product.ts';
import { answering, refusal, saveProduct } from '../save-product.ts';
import { isStaff, ownSeller, requireUser } from '../viewer.ts';

export const upsertProduct: NonNullable<MutationResolvers['upsertProduct']> = answering(
  async (_, { input }, scope) => {
    requireUser(scope.caller);
    const now = scope.clock.now();
    const event = (product: Parameters<typeof productChanged>[0]) =>
      productChanged(product, now, scope.traceparent);
    const draft = draftOf(input);
    const references = await referencesOf(input, scope);
    const ids = {
      now,
      newProductId: newId('prd', undefined, now),
      newSkus: input.variants.slice(0, 20).map(() => newId('sku', undefined, now)),
    };

    if (input.id == null) {
      if (input.expectedVersion != null && input.expectedVersion !== 0)
        return refusal(invalidInput('A new product has no version yet: leave it out.', 'expectedVersion'));
      const sellerId = sellerFor(input, scope);
      if (typeof sellerId !== 'string') return refusal(sellerId);
      return saveProduct(scope, createProduct(draft, references, { ...ids, sellerId }), 0, event);
    }

    const current = await ownProduct(scope, input.id);
    if ('code' in current) return refusal(current);
    if (input.expectedVersion == null)
      return refusal(
        invalidInput('Say which version of the product the change is based on.', 'expectedVersion'),
      );
    if (input.sellerId != null && input.sellerId !== current.sellerId)
      return refusal(notAllowed('A product stays with its seller.', 'sellerId'));
    const context = { ...ids, sellerId: current.sellerId };
    const outcome = replaceProduct(current, input.expectedVersion, draft, references, context);
    return saveProduct(scope, outcome, current.version, event);
  },
);

/** Whose product it will be. */
function sellerFor({ sellerId }: UpsertProductInput, { caller }: Scope<Ports>): string | Refusal {
  if (isStaff(caller)) {
    if (sellerId != null && hasPrefix(sellerId, 'sel')) return sellerId;
    return invalidInput('Staff say which seller the product is for.', 'sellerId');
  }
  const own = ownSeller(caller);
  if (!own) return notAllowed('Only sellers and staff change the catalogue.');
  return sellerId == null || sellerId === own ? own : notAllowed('You sell for yourself only.', 'sellerId');
}

function draftOf({ title, description, slug, variants, attributes }: UpsertProductInput): ProductDraft {
  const { ingredients = null, nutrition = null, origin = null } = attributes;
  const { allergens = [], dietary = [], storage = 'AMBIENT' } = attributes;
  return {
    title,
    description,
    slug: slug ?? null,
    variants: variants.map(({ packs = 1, ...variant }) => ({ ...variant, packs })),
    attributes: {
      ingredients,
      nutrition,
      origin,
      storage,
      allergens: [...new Set(allergens)],
      dietary: [...new Set(dietary)],
    },
  };
}

async function referencesOf(input: UpsertProductInput, scope: Scope<Ports>): Promise<DraftReferences> {
  const categories = await tree(scope);
  const makers = await brands(scope);
  const category = categories.byId(input.category) ?? categories.bySlug(input.category);
  const names = category?.path.map((id) => categories.byId(id)?.name ?? '') ?? [];
  const brand = input.brand == null ? null : (makers.byId(input.brand) ?? makers.bySlug(input.brand));
  return { category, brand, categoryNames: names };
}
