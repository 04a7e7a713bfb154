import type { Category } from '@aisle/catalogue/seed';
import { seededId } from '../ids.ts';
import { DEPARTMENTS, type PlacedLeaf } from './index.ts';

/** The tree and its leaves, with ids. @param time epoch milliseconds of the shop's opening */
export function placeCategories(time: number): { categories: Category[]; leaves: PlacedLeaf[] } {
  const categories: Category[] = [];
  const leaves: PlacedLeaf[] = [];
  const slugs = new Set<string>();
  const add = (name: string, wanted: string, parentId: string | null, position: number): string => {
    // A shelf may be called like its department; slugs are unique in the whole tree.
    let slug = wanted;
    for (let i = 2; slugs.has(slug); i++) slug = `${wanted}-${i}`;
    slugs.add(slug);
    const id = seededId('cat', slug, time);
    categories.push({ id, slug, name, parentId, position });
    return id;
  };
  DEPARTMENTS.forEach((department, i) => {
    const top = add(department.name, department.slug, null, i);
    department.shelves.forEach((shelf, j) => {
      const middle = add(shelf.name, shelf.slug, top, j);
      shelf.leaves.forEach((leaf, k) => {
        leaves.push({ department, shelf, leaf, path: [top, middle, add(leaf.name, leaf.slug, middle, k)] });
      });
    });
  });
  return { categories, leaves };
}
