import type { Region } from '@aisle/platform/identity';
import { type Partition, partitionOf } from '../domain/partition.ts';

const PREFIX = 'inventory';

/** `{us:p3}` is the hash tag: every key of a partition has it, so a script never crosses a slot. */
const base = ({ region, part }: Partition): string => `${PREFIX}:{${region}:p${part}}`;

export const metaKey = (partition: Partition): string => `${base(partition)}:epoch`;
export const streamKey = (partition: Partition): string => `${base(partition)}:movements`;
export const dueKey = (partition: Partition): string => `${base(partition)}:due`;
export const pendingKey = (partition: Partition): string => `${base(partition)}:prepared`;
export const skusKey = (partition: Partition): string => `${base(partition)}:skus`;
export const stateKey = (partition: Partition, sku: string): string => `${base(partition)}:stock:${sku}`;

/** Which SKUs an order has something held of; in a slot of its own. */
export const orderKey = (region: Region, orderId: string): string => `${PREFIX}:{${region}:${orderId}}:order`;

export const partitionFor = (region: Region, sku: string): Partition => ({ region, part: partitionOf(sku) });

/** The keys every script gets, in the order of `prelude.lua`. */
export function scriptKeys(partition: Partition, sku: string): string[] {
  const prefix = base(partition);
  return [
    metaKey(partition),
    `${prefix}:stock:${sku}`,
    `${prefix}:holds:${sku}`,
    `${prefix}:expiry:${sku}`,
    dueKey(partition),
    pendingKey(partition),
    streamKey(partition),
    skusKey(partition),
  ];
}
