import type { Allergen, DietaryTag } from '@aisle/catalogue/seed';
import type { Item, Leaf } from './types.ts';

const ANIMAL: readonly Allergen[] = ['CRUSTACEANS', 'EGGS', 'FISH', 'MILK', 'MOLLUSCS'];

/** All allergens of an item, its leaf's included. */
export function allergensOf(leaf: Leaf, item: Item): Allergen[] {
  return [...new Set(item.only ?? [...leaf.contains, ...(item.contains ?? [])])];
}

/** For whom it is suitable, worked out from what it is made of: never said of what contradicts it. */
export function dietaryOf(leaf: Leaf, item: Item, variety: string): DietaryTag[] {
  const diet = item.diet ?? leaf.diet;
  if (diet === 'none') return [];
  const allergens = allergensOf(leaf, item);
  const tags: DietaryTag[] = [];
  const isVegan = diet === 'vegan' && !allergens.some((allergen) => ANIMAL.includes(allergen));
  const isAlcohol = leaf.slug === 'wine' || (leaf.slug === 'beer' && variety !== 'Alcohol-Free');
  if (isVegan) tags.push('VEGAN');
  if (isVegan || diet === 'vegetarian') tags.push('VEGETARIAN');
  if (!allergens.includes('GLUTEN')) tags.push('GLUTEN_FREE');
  if (!allergens.includes('MILK')) tags.push('LACTOSE_FREE');
  if (variety.includes('Organic')) tags.push('ORGANIC');
  if (isVegan && !isAlcohol) tags.push('HALAL', 'KOSHER');
  if (/No Added Sugar|Unsweetened|Zero/.test(variety) || leaf.slug === 'baby-food')
    tags.push('NO_ADDED_SUGAR');
  return tags;
}
