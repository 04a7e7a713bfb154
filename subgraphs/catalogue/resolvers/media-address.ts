import { createHash } from 'node:crypto';
import type { Variant } from '../domain/product.ts';
import type { ProductVariant } from './models.ts';

/** To be raised when the drawings change, so that nobody keeps an old one. */
const DRAWING = 1;

/** A variant's picture has the variant's id with another prefix: `sku_01j…` ↔ `med_01j…`. */
export const mediaId = ({ variant }: Pick<ProductVariant, 'variant'>) => `med_${variant.sku.slice(4)}`;
export const skuOfMedia = (id: string) => `sku_${id.slice(4)}`;

/** Cached products are the same objects until they change, and so are their versions. */
const versions = new WeakMap<Variant, string>();

/** Changes whenever the picture may: everything it is drawn from goes in. */
export function mediaVersion({ product, variant }: ProductVariant): string {
  const known = versions.get(variant);
  if (known) return known;
  const { picture, title, brandId } = product;
  const source = JSON.stringify([DRAWING, picture, title, brandId, variant.size, variant.packs]);
  const version = createHash('sha1').update(source).digest('base64url').slice(0, 10);
  versions.set(variant, version);
  return version;
}

export function mediaPath(entry: ProductVariant): string {
  return `/media/${mediaId(entry)}.svg?v=${mediaVersion(entry)}`;
}
