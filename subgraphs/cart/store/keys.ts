import { REGIONS, type Region } from '@aisle/platform/identity';

const PREFIX = 'cart';
/** Carts of a region share this many hash tags, so that a cart and its entry in the stream are one atomic step. */
const PARTITIONS = 8;

/** FNV-1a of the id. */
function partitionOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % PARTITIONS;
}

const base = (region: Region, part: number) => `${PREFIX}:{${region}:p${part}}`;

export const cartKey = (region: Region, id: string): string => `${base(region, partitionOf(id))}:cart:${id}`;
export const changesKey = (region: Region, id: string): string => `${base(region, partitionOf(id))}:changes`;
export const withdrawnKey = (region: Region): string => `${PREFIX}:{${region}:withdrawn}:changes`;

/** Names of the streams, as cursors have them. */
export const changesName = (region: Region, id: string): string => `${region}:${partitionOf(id)}`;
export const withdrawnName = (region: Region): string => `${region}:withdrawn`;

export const ALL_STREAMS: Readonly<Record<string, string>> = Object.fromEntries(
  REGIONS.flatMap((region) => [
    ...Array.from({ length: PARTITIONS }, (_, part) => [
      `${region}:${part}`,
      `${base(region, part)}:changes`,
    ]),
    [withdrawnName(region), withdrawnKey(region)],
  ]),
);
