import { createHash } from 'node:crypto';
import { type AisleEvent, createEvent } from '@aisle/platform/bus';
import type { Region } from '@aisle/platform/identity';
import type { Movement } from '../store/changes.ts';
import type { EVENTS } from './schemas.ts';

/** Where the stock of a SKU stands after its newest movement of a flush. */
export interface StockUpdated {
  readonly sku: string;
  readonly region: Region;
  readonly available: number;
  readonly onHand: number;
  readonly held: number;
  readonly sold: number;
  readonly version: number;
}

/** What is available has fallen to the threshold or below. */
export interface StockLow {
  readonly sku: string;
  readonly region: Region;
  readonly available: number;
  readonly version: number;
}

/** A movement that is published again after a crash has the same id, so that consumers know it. */
const idOf = (type: string, region: Region, sku: string, version: number): string =>
  `evt_${region}_${createHash('sha256').update(`${type}/${region}/${sku}/${version}`).digest('hex').slice(0, 26)}`;

function event<Data>(
  type: keyof typeof EVENTS,
  region: Region,
  { sku, version }: Movement,
  data: Data,
  now: number,
): AisleEvent<Data> {
  const made = createEvent(
    { type, producer: 'inventory', subject: `${region}/${sku}`, version, region, data },
    now,
  );
  return { ...made, id: idOf(type, region, sku, version) };
}

/** `at` is epoch milliseconds. */
export function stockUpdated(region: Region, movement: Movement, at: number): AisleEvent<StockUpdated> {
  const { sku, version, levels } = movement;
  const { available, onHand, held, sold } = levels;
  return event(
    'StockUpdated.v1',
    region,
    movement,
    { sku, region, available, onHand, held, sold, version },
    at,
  );
}

export function stockLow(region: Region, movement: Movement, at: number): AisleEvent<StockLow> {
  const { sku, version, levels } = movement;
  return event('StockLow.v1', region, movement, { sku, region, available: levels.available, version }, at);
}
