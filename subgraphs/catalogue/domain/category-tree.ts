export interface Category {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
  /** Place among its sisters. */
  readonly position: number;
}

/** A category with its place in the tree worked out. */
export interface CategoryNode extends Category {
  /** 1 at the top, 3 for the leaves. */
  readonly level: number;
  /** Ids from the top down to this one. */
  readonly path: readonly string[];
  readonly children: readonly string[];
}

export interface CategoryTree {
  readonly roots: readonly CategoryNode[];
  byId(id: string): CategoryNode | undefined;
  bySlug(slug: string): CategoryNode | undefined;
}

/** How deep the tree is: products stand on this level only. */
export const LEAF_LEVEL = 3;

/** Builds the tree; what has no way to the top (a missing parent, a circle) is left out. */
export function categoryTree(categories: readonly Category[]): CategoryTree {
  const byParent = Map.groupBy(
    [...categories].sort((a, b) => a.position - b.position),
    (category) => category.parentId,
  );
  const byId = new Map<string, CategoryNode>();
  const bySlug = new Map<string, CategoryNode>();
  const place = (category: Category, above: readonly string[]): CategoryNode => {
    const path = [...above, category.id];
    const below = above.length + 1 < LEAF_LEVEL ? (byParent.get(category.id) ?? []) : [];
    const node = { ...category, level: path.length, path, children: below.map(({ id }) => id) };
    byId.set(node.id, node);
    bySlug.set(node.slug, node);
    for (const child of below) place(child, path);
    return node;
  };
  const roots = (byParent.get(null) ?? []).map((category) => place(category, []));
  return { roots, byId: (id) => byId.get(id), bySlug: (slug) => bySlug.get(slug) };
}
