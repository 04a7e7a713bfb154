import { createHash } from 'node:crypto';
import { invalidInput, keyReused, notFound } from '@aisle/platform/errors';
import { hashInput } from '@aisle/platform/idempotency';
import type { Region } from '@aisle/platform/identity';
import { allocateReturn, ledgerLine } from '../domain/movement.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { WarehouseUnits } from '../domain/stock.ts';
import type { Line } from '../domain/validate.ts';
import { type ConfirmPorts, epochsOf } from './confirm.ts';
import { partitionFor } from './keys.ts';
import type { Recorded } from './ledger.ts';
import { StockUnavailable } from './unavailable.ts';

/** Any text names a restock; what would not do as a key is hashed. */
const restockRef = (orderId: string, reason: string): string =>
  `${orderId}:restock:${/^[\w-]{1,40}$/.test(reason) ? reason : createHash('sha256').update(reason).digest('base64url')}`;

export interface RestockRequest {
  readonly region: Region;
  readonly orderId: string;
  readonly lines: readonly Line[];
  readonly reason: string;
}

/**
 * Puts sold units that never left back on sale, in the warehouses that sold them, once per order and reason.
 * @returns why not, or nothing when it is so. @throws StockUnavailable
 */
export async function restock(
  { live, ledger }: Pick<ConfirmPorts, 'live' | 'ledger'>,
  request: RestockRequest,
): Promise<Refusal | undefined> {
  const { region, orderId, lines, reason } = request;
  const ref = restockRef(orderId, reason);
  // The same lines in any order are the same input.
  const inputHash = hashInput(Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity])));
  const epochs = await Promise.all(lines.map(({ sku }) => live.epoch(partitionFor(region, sku))));
  const earlier = await ledger.find(region, ref);
  if (earlier) return replay(earlier, inputHash);
  const sale = (await ledger.findMany(region, [orderId])).get(orderId);
  if (sale?.state !== 'DONE') return notFound('Nothing was sold to this order.', 'orderId');
  // A sale that is booked but not counted yet would leave too few sold units to take back.
  const counted = lines.flatMap(({ sku }, index) =>
    sale.skus.has(sku) ? [{ sku, epoch: epochs[index]! }] : [],
  );
  await Promise.all(counted.map(({ sku, epoch }) => live.commit(region, orderId, sku, epoch)));

  const outcome = await ledger.transaction(region, async (tx): Promise<Refusal | 'BOOKED' | undefined> => {
    // Locks the sale: from here on nobody else puts anything of this order back, so that what is announced below is
    // what is booked. The first look was before the lock; whoever had it meanwhile may have booked this very restock.
    const remaining = await ledger.remainingOf(tx, orderId);
    const meanwhile = await ledger.find(region, ref, tx);
    if (meanwhile) return replay(meanwhile, inputHash);
    const back: WarehouseUnits[][] = [];
    for (const [index, { sku, quantity }] of lines.entries()) {
      const units = allocateReturn(
        remaining.filter((line) => line.sku === sku),
        quantity,
      );
      if (!units) return invalidInput('That is more than was sold.', 'lines', String(index), 'quantity');
      back.push(units);
    }
    const begun = await Promise.all(
      lines.map(({ sku }, index) =>
        live.begin(region, ref, sku, epochs[index]!, { mode: 'restock', units: back[index]! }),
      ),
    );
    if (begun.some(({ status }) => status !== 'OK')) {
      await Promise.allSettled(lines.map(({ sku }) => live.release(region, ref, sku, 'revert')));
      throw new StockUnavailable('missing');
    }
    const booked = await ledger.append(
      region,
      {
        ref,
        kind: 'RESTOCK',
        orderId,
        inputHash,
        reason,
        lines: back.flatMap((units, index) =>
          units.map((unit) => ({
            kind: 'RESTOCK' as const,
            ...ledgerLine('RESTOCK', lines[index]!.sku, unit),
          })),
        ),
        epochs: epochsOf(
          region,
          lines,
          epochs.map((epoch) => ({ epoch })),
        ),
      },
      tx,
    );
    if (booked.status !== 'BOOKED') throw new StockUnavailable('missing');
    return 'BOOKED';
  });
  if (outcome !== 'BOOKED') return outcome;
  await Promise.allSettled(lines.map(({ sku }, index) => live.commit(region, ref, sku, epochs[index]!)));
  return undefined;
}

/** A restock from before inputs were noted is taken to be the same. */
const replay = ({ inputHash: known }: Recorded, inputHash: string): Refusal | undefined =>
  known === null || known === inputHash
    ? undefined
    : keyReused('The order was restocked for this reason with other lines.', 'reason');
