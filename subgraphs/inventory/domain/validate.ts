import { invalidInput } from '@aisle/platform/errors';
import { isText } from '@aisle/platform/text';
import type { Refusal } from './refusal.ts';

/** Most units one warehouse may be said to have of a SKU. */
export const MAX_ON_HAND = 1_000_000;
export const MAX_LINE_QUANTITY = 9_999;
export const MAX_LINES = 200;
export const MAX_TTL_SECONDS = 86_400;

const KEY = /^[\x21-\x7e]{8,128}$/;
/** What an id may look like before it becomes part of a Redis key or field: no separators of ours in it. */
const ID = /^[a-z]{2,4}(_[a-z]{2})?_[0-9a-zA-Z_-]{1,60}$/;

export const isSku = (sku: string): boolean => sku.startsWith('sku_') && ID.test(sku);
export const isOrderId = (id: string): boolean => id.startsWith('ord_') && ID.test(id);
export const isWarehouseId = (id: string): boolean => id.startsWith('whs_') && ID.test(id);

export function checkIdempotencyKey(key: string): Refusal | undefined {
  return KEY.test(key)
    ? undefined
    : invalidInput('A key has 8 to 128 printable characters.', 'idempotencyKey');
}

export function checkCounted(units: number): Refusal | undefined {
  return Number.isInteger(units) && units >= 0 && units <= MAX_ON_HAND
    ? undefined
    : invalidInput(`A warehouse has 0 to ${MAX_ON_HAND} units.`, 'onHand');
}

export function checkDelta(delta: number): Refusal | undefined {
  return Number.isInteger(delta) && delta !== 0 && Math.abs(delta) <= MAX_ON_HAND
    ? undefined
    : invalidInput(`An adjustment is −${MAX_ON_HAND} to ${MAX_ON_HAND} units, and not 0.`, 'delta');
}

/** Why units come or go: some text, not too long. */
export function checkReason(reason: string, max: number): Refusal | undefined {
  return reason.length >= 1 && reason.length <= max && isText(reason)
    ? undefined
    : invalidInput(`A reason has 1 to ${max} characters.`, 'reason');
}

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** Lines of a command: some, not too many, every SKU once, sane quantities. */
export function checkLines(lines: readonly Line[]): Refusal | undefined {
  if (lines.length === 0 || lines.length > MAX_LINES)
    return invalidInput(`There are 1 to ${MAX_LINES} lines.`, 'lines');
  const seen = new Set<string>();
  for (const [index, { sku, quantity }] of lines.entries()) {
    if (!isSku(sku)) return invalidInput('This is not a SKU.', 'lines', String(index), 'sku');
    if (seen.has(sku)) return invalidInput('A SKU may be there only once.', 'lines', String(index), 'sku');
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_LINE_QUANTITY)
      return invalidInput(`A quantity is 1 to ${MAX_LINE_QUANTITY}.`, 'lines', String(index), 'quantity');
    seen.add(sku);
  }
  return undefined;
}
