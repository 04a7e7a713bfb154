import type { Region } from '@aisle/platform/identity';

/** Regions as other contexts read and write them. */
export const WIRE = { us: 'US', eu: 'EU', gb: 'GB', in: 'IN', br: 'BR' } as const satisfies Record<
  Region,
  string
>;

export function fromWireRegion(region: (typeof WIRE)[Region]): Region {
  return region.toLowerCase() as Region;
}
