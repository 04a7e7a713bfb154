import { invalidInput } from '@aisle/platform/errors';
import { isGtin } from './gtin.ts';
import type { Attributes, DIETARY_TAGS, Nutrition, UnitSize } from './product.ts';
import type { Refusal } from './refusal.ts';
import { isSlug, slugOf } from './slug.ts';

/** A product as its seller sent it; types are right already (GraphQL saw to that), values are not. */
export interface ProductDraft {
  readonly title: string;
  readonly description: string;
  readonly slug?: string | null;
  readonly variants: readonly VariantDraft[];
  readonly attributes: Attributes;
}

export interface VariantDraft {
  readonly sku?: string | null;
  readonly gtin?: string | null;
  readonly size: UnitSize;
  readonly packs: number;
}

/** Nothing from these may be in a vegan product. */
const ANIMAL = ['CRUSTACEANS', 'EGGS', 'FISH', 'MILK', 'MOLLUSCS'] as const;
/** Nor from these in a vegetarian one. */
const FLESH = ['CRUSTACEANS', 'FISH', 'MOLLUSCS'] as const;
const FORBIDDEN: Partial<Record<(typeof DIETARY_TAGS)[number], readonly string[]>> = {
  VEGAN: ANIMAL,
  VEGETARIAN: FLESH,
  GLUTEN_FREE: ['GLUTEN'],
};

/** Control characters (line breaks aside) have no place in a text for shoppers. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f]/;

function text(value: string, min: number, max: number, field: string, ...path: string[]): Refusal[] {
  const length = value.trim().length;
  if (CONTROL.test(value) || !value.isWellFormed())
    return [invalidInput(`${field} holds characters that cannot be shown.`, ...path)];
  if (length < min || length > max)
    return [invalidInput(`${field} must have ${min} to ${max} characters.`, ...path)];
  return [];
}

function variantProblems(variant: VariantDraft, index: number): Refusal[] {
  const at = ['variants', String(index)];
  const problems: Refusal[] = [];
  const { amount, unit } = variant.size;
  if (!(amount >= 0.001 && amount <= 100_000))
    problems.push(invalidInput('The size must be 0.001 to 100 000.', ...at, 'size', 'amount'));
  else if (unit === 'PIECE' && !Number.isInteger(amount))
    problems.push(invalidInput('Pieces are whole.', ...at, 'size', 'amount'));
  if (!(variant.packs >= 1 && variant.packs <= 100))
    problems.push(invalidInput('A variant is 1 to 100 packs.', ...at, 'packs'));
  if (variant.gtin != null && !isGtin(variant.gtin))
    problems.push(
      invalidInput('That is no GTIN: 8, 12, 13 or 14 digits, the last one a check digit.', ...at, 'gtin'),
    );
  return problems;
}

function repeated(values: readonly (string | null | undefined)[]): number {
  const seen = new Set<string>();
  return values.findIndex((value) => value != null && (seen.has(value) || !seen.add(value)));
}

function nutritionProblems(nutrition: Nutrition | null): Refusal[] {
  if (!nutrition) return [];
  const at = ['attributes', 'nutrition'];
  const wrong = Object.entries(nutrition).find(([, value]) => !(value >= 0 && value <= 1_000));
  if (wrong) return [invalidInput('Nutrition values are 0 to 1 000.', ...at, wrong[0])];
  const { fat, saturatedFat, carbohydrate, sugars, protein } = nutrition;
  if (saturatedFat > fat) return [invalidInput('Saturated fat cannot exceed fat.', ...at, 'saturatedFat')];
  if (sugars > carbohydrate) return [invalidInput('Sugars cannot exceed carbohydrate.', ...at, 'sugars')];
  if (fat + carbohydrate + protein > 101) return [invalidInput('100 g cannot hold more than 100 g.', ...at)];
  return [];
}

function attributeProblems(attributes: Attributes): Refusal[] {
  const problems: Refusal[] = [];
  if (attributes.ingredients != null)
    problems.push(...text(attributes.ingredients, 1, 2_000, 'The ingredients', 'attributes', 'ingredients'));
  if (attributes.origin != null && !/^[A-Z]{2}$/.test(attributes.origin))
    problems.push(invalidInput('The origin is an ISO 3166 code of two letters.', 'attributes', 'origin'));
  for (const tag of attributes.dietary) {
    const against = attributes.allergens.find((allergen) => FORBIDDEN[tag]?.includes(allergen));
    if (against)
      problems.push(invalidInput(`A product with ${against} cannot be ${tag}.`, 'attributes', 'dietary'));
  }
  return [...problems, ...nutritionProblems(attributes.nutrition)];
}

/** Everything that is wrong with a draft in itself, all at once; empty when it is sound. */
export function draftProblems(draft: ProductDraft): Refusal[] {
  const { variants } = draft;
  const problems = [
    ...text(draft.title, 3, 140, 'The title', 'title'),
    ...(draft.title.includes('\n') ? [invalidInput('The title is one line.', 'title')] : []),
    ...text(draft.description, 10, 4_000, 'The description', 'description'),
    ...attributeProblems(draft.attributes),
  ];
  if (draft.slug != null && !isSlug(draft.slug))
    problems.push(
      invalidInput('A slug is lower-case words of letters and digits, joined by hyphens.', 'slug'),
    );
  else if (draft.slug == null && slugOf(draft.title) === '')
    problems.push(invalidInput('No slug can be made from this title: give one.', 'slug'));
  if (variants.length < 1 || variants.length > 20)
    return [...problems, invalidInput('A product has 1 to 20 variants.', 'variants')];
  problems.push(...variants.flatMap(variantProblems));
  const sku = repeated(variants.map((variant) => variant.sku));
  if (sku >= 0) problems.push(invalidInput('This SKU is listed twice.', 'variants', String(sku), 'sku'));
  const gtin = repeated(variants.map((variant) => variant.gtin));
  if (gtin >= 0) problems.push(invalidInput('This GTIN is listed twice.', 'variants', String(gtin), 'gtin'));
  return problems;
}
