import { type AisleEvent, createEvent } from '@aisle/platform/bus';
import type { Product } from '../domain/product.ts';

export interface ProductChanged {
  readonly productId: string;
  readonly sellerId: string;
  readonly skus: readonly string[];
  readonly withdrawn: boolean;
  readonly version: number;
}

export interface ProductWithdrawn {
  readonly productId: string;
  readonly skus: readonly string[];
}

/** A product came into the catalogue, changed, or is on sale again. `now` is epoch milliseconds. */
export function productChanged(
  product: Product,
  now: number,
  traceparent?: string,
): AisleEvent<ProductChanged> {
  const { id, sellerId, withdrawn, version, variants } = product;
  const data = { productId: id, sellerId, skus: variants.map(({ sku }) => sku), withdrawn, version };
  return createEvent(
    {
      type: 'ProductChanged.v1',
      producer: 'catalogue',
      subject: id,
      version,
      data,
      ...(traceparent && { traceparent }),
    },
    now,
  );
}

/** A product is off sale. `now` is epoch milliseconds. */
export function productWithdrawn(
  product: Product,
  now: number,
  traceparent?: string,
): AisleEvent<ProductWithdrawn> {
  const { id, version, variants } = product;
  const data = { productId: id, skus: variants.map(({ sku }) => sku) };
  return createEvent(
    {
      type: 'ProductWithdrawn.v1',
      producer: 'catalogue',
      subject: id,
      version,
      data,
      ...(traceparent && { traceparent }),
    },
    now,
  );
}
