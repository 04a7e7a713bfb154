import { createHash } from 'node:crypto';
import type { ProductVariant } from './models.ts';

/** A variant's picture has the variant's id with another prefix: `sku_01j…` ↔ `med_01j…`. */
export const mediaId = ({ variant }: Pick<ProductVariant, 'variant'>) => `med_${variant.sku.slice(4)}`;
export const skuOfMedia = (id: string) => `sku_${id.slice(4)}`;

/** Changes whenever the picture may: everything it is drawn from goes in. */
export function mediaVersion({ product, variant }: ProductVariant): string {
  const { picture, title, brandId } = product;
  const source = JSON.stringify([DRAWING, picture, title, brandId, variant.size, variant.packs]);
  return createHash('sha1').update(source).digest('base64url').slice(0, 10);
}

/** To be raised when the drawings change, so that nobody keeps an old one. */
const DRAWING = 1;

export function mediaPath(entry: ProductVariant): string {
  return `/media/${mediaId(entry)}.svg?v=${mediaVersion(entry)}`;
}
