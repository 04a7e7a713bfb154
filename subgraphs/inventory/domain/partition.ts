import type { Region } from '@aisle/platform/identity';

/**
 * Partitions per region. All keys of a partition share a hash tag, so that a movement and its entry in the stream are
 * one atomic step, and a region spreads over that many slots of a cluster. Changing it moves SKUs: needs a rebuild.
 */
export const PARTITIONS = 8;

/** Which partition a SKU lives in: FNV-1a of its characters. */
export function partitionOf(sku: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < sku.length; i++) hash = Math.imul(hash ^ sku.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % PARTITIONS;
}

export interface Partition {
  readonly region: Region;
  readonly part: number;
}

export function partitionsOf(region: Region): Partition[] {
  return Array.from({ length: PARTITIONS }, (_, part) => ({ region, part }));
}
