import { invalidInput, notFound, versionConflict } from '@aisle/platform/errors';
import type { CategoryNode } from './category-tree.ts';
import { LEAF_LEVEL } from './category-tree.ts';
import { pictureFor } from './picture/choose.ts';
import type { Product, Variant } from './product.ts';
import { draftProblems, type ProductDraft } from './product-draft.ts';
import type { Refusal } from './refusal.ts';
import { slugOf } from './slug.ts';

export type Outcome =
  | { readonly kind: 'changed'; readonly product: Product }
  | { readonly kind: 'unchanged'; readonly product: Product }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

const refused = (...refusals: Refusal[]): Outcome => ({ kind: 'refused', refusals });

/** What the draft's references were found to be; `undefined` where there is no such thing. */
export interface DraftReferences {
  readonly category: CategoryNode | undefined;
  /** `null` when the draft names no brand. */
  readonly brand: { readonly id: string; readonly name: string } | null | undefined;
  /** Names of the category's path, for choosing a picture. */
  readonly categoryNames: readonly string[];
}

export interface DraftContext {
  readonly sellerId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly newProductId: string;
  /** One fresh SKU per variant of the draft; those not needed are thrown away. */
  readonly newSkus: readonly string[];
}

/** A new product, or what is wrong with it. */
export function createProduct(
  draft: ProductDraft,
  references: DraftReferences,
  context: DraftContext,
): Outcome {
  const problems = [...draftProblems(draft), ...referenceProblems(references)];
  draft.variants.forEach((variant, index) => {
    if (variant.sku != null)
      problems.push(notFound('A new product has no such variant yet.', 'variants', String(index), 'sku'));
  });
  if (problems.length > 0) return refused(...problems);
  const { now } = context;
  const id = context.newProductId;
  const product = { id, version: 1, withdrawn: false, createdAt: now, sellerId: context.sellerId };
  return { kind: 'changed', product: { ...product, ...contentOf(draft, references, context) } };
}

/** The product as its draft wants it, one version on, or what speaks against it. */
export function replaceProduct(
  current: Product,
  expectedVersion: number,
  draft: ProductDraft,
  references: DraftReferences,
  context: DraftContext,
): Outcome {
  if (current.version !== expectedVersion) return refused(versionConflict(expectedVersion, current.version));
  const problems = [...draftProblems(draft), ...referenceProblems(references)];
  const known = new Map(current.variants.map((variant) => [variant.sku, variant]));
  draft.variants.forEach((variant, index) => {
    if (variant.sku != null && !known.delete(variant.sku))
      problems.push(notFound('The product has no such variant.', 'variants', String(index), 'sku'));
  });
  // Orders and carts hold SKUs for years: a size may change its data, but it never goes.
  if (known.size > 0)
    problems.push(invalidInput(`Existing variants must stay: ${[...known.keys()].join(', ')}.`, 'variants'));
  if (problems.length > 0) return refused(...problems);
  const slug = draft.slug ?? current.slug;
  const content = contentOf({ ...draft, slug }, references, context);
  return { kind: 'changed', product: { ...current, ...content, version: current.version + 1 } };
}

/** Takes it off sale or puts it back; doing so twice changes nothing. */
export function setWithdrawn(
  current: Product,
  expectedVersion: number,
  withdrawn: boolean,
  now: number,
): Outcome {
  if (current.withdrawn === withdrawn) return { kind: 'unchanged', product: current };
  if (current.version !== expectedVersion) return refused(versionConflict(expectedVersion, current.version));
  return {
    kind: 'changed',
    product: { ...current, withdrawn, version: current.version + 1, updatedAt: now },
  };
}

function referenceProblems({ category, brand }: DraftReferences): Refusal[] {
  const problems: Refusal[] = [];
  if (!category) problems.push(invalidInput('There is no such category.', 'category'));
  else if (category.level !== LEAF_LEVEL)
    problems.push(invalidInput(`Products stand on level ${LEAF_LEVEL} of the category tree.`, 'category'));
  if (brand === undefined) problems.push(invalidInput('There is no such brand.', 'brand'));
  return problems;
}

function contentOf(
  draft: ProductDraft,
  { category, brand, categoryNames }: DraftReferences,
  context: DraftContext,
) {
  const title = draft.title.trim();
  const variants = draft.variants.map(
    (variant, index): Variant => ({
      sku: variant.sku ?? context.newSkus[index]!,
      gtin: variant.gtin ?? null,
      size: variant.size,
      packs: variant.packs,
    }),
  );
  return {
    slug: draft.slug ?? slugOf(title),
    title,
    description: draft.description.trim(),
    brandId: brand?.id ?? null,
    categoryPath: category?.path ?? [],
    variants: variants.sort((a, b) => weight(a) - weight(b)),
    picture: pictureFor([...categoryNames, title], brand?.name ?? title),
    attributes: draft.attributes,
    updatedAt: context.now,
  };
}

/** For ordering by size, smallest first. */
function weight({ size, packs }: Variant): number {
  const factor = size.unit === 'KILOGRAM' || size.unit === 'LITRE' ? 1_000 : 1;
  return size.amount * factor * packs;
}
