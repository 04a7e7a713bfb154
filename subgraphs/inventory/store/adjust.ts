import { createHash } from 'node:crypto';
import { invalidInput, keyReused } from '@aisle/platform/errors';
import type { Region } from '@aisle/platform/identity';
import { type LedgerLine, ledgerLine, type MovementKind } from '../domain/movement.ts';
import { insufficientStock, type Refusal } from '../domain/refusal.ts';
import { parseLevels, type StockLevels, stockOf } from '../domain/stock.ts';
import type { ConfirmPorts } from './confirm.ts';
import { partitionFor } from './keys.ts';
import type { Recorded } from './ledger.ts';
import { StockUnavailable } from './unavailable.ts';

export interface AdjustRequest {
  readonly region: Region;
  readonly sku: string;
  readonly warehouseId: string;
  /** `set`: units counted; `add`: units more, or fewer when negative. */
  readonly mode: 'set' | 'add';
  readonly units: number;
  readonly reason: string;
  /** Who does it; a key is theirs alone. */
  readonly actor: string;
  readonly idempotencyKey: string;
}

export type AdjustOutcome = { readonly stock: StockLevels } | { readonly refusal: Refusal };

const TRIES = 3;
const hash = (parts: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/**
 * Changes what is on hand, once per actor and key. Units that go are held first, so that nobody buys them meanwhile.
 * @throws StockUnavailable
 */
export async function adjust(
  { live, ledger, rebuilder }: ConfirmPorts,
  request: AdjustRequest,
): Promise<AdjustOutcome> {
  const { region, sku, warehouseId, mode, units } = request;
  const ref = `adj_${hash([request.actor, request.idempotencyKey])}`;
  const inputHash = hash([sku, warehouseId, mode, units, request.reason]);
  // Two inputs under one key, sent at once, announce each their own change; the ledger takes one of them.
  const liveRef = `${ref}#${inputHash}`;
  const field = mode === 'set' ? 'onHand' : 'delta';

  for (let attempt = 0; attempt < TRIES; attempt++) {
    // Before the ledger is asked: whatever is booked after the answer is booked in this epoch or later.
    const epoch = await live.epoch(partitionFor(region, sku));
    const earlier = await ledger.find(region, ref);
    if (earlier) return replay(earlier, inputHash);
    const begun = await live.begin(region, liveRef, sku, epoch, { mode, warehouseId, units });
    if (begun.status === 'STALE') continue;
    if (begun.status === 'RANGE')
      return { refusal: invalidInput(`The warehouse would have ${begun.available + units} units.`, field) };
    if (begun.status === 'SHORT') return { refusal: insufficientStock(sku, begun.available, field) };

    const lines = begun.units.map((unit) => booking(begun.kind, sku, unit));
    const stock = after(begun.levels, lines);
    const booked = await ledger.append(region, {
      ref,
      kind: 'ADJUST',
      inputHash,
      answer: stock,
      actor: request.actor,
      reason: request.reason,
      lines,
      epochs: new Map([[partitionFor(region, sku).part, epoch]]),
    });
    if (booked.status === 'STALE') continue;
    if (booked.status === 'EXISTS') {
      const outcome = replay(booked.recorded, inputHash);
      if ('stock' in outcome) await live.commit(region, liveRef, sku, epoch);
      else await live.release(region, liveRef, sku, 'abort');
      return outcome;
    }
    if (begun.status === 'OK')
      await live.commit(region, liveRef, sku, epoch).catch(() => 'left to the reconciler');
    return { stock };
  }
  rebuilder.renew(region, [partitionFor(region, sku).part]);
  throw new StockUnavailable('missing');
}

function replay(recorded: Recorded, inputHash: string): AdjustOutcome {
  return recorded.inputHash === inputHash
    ? { stock: recorded.answer as StockLevels }
    : { refusal: keyReused() };
}

function booking(
  kind: string,
  sku: string,
  unit: { warehouseId: string; quantity: number },
): LedgerLine & { kind: MovementKind } {
  const booked: MovementKind = kind === 'D' ? 'REMOVE' : 'RECEIVE';
  return { kind: booked, ...ledgerLine(booked, sku, unit) };
}

/** The levels once the lines are carried out. Units on their way out were counted as held. */
function after(levels: string, lines: readonly LedgerLine[]): StockLevels {
  const known = new Map(parseLevels(levels).map((level) => [level.warehouseId, level]));
  for (const { warehouseId, onHand } of lines) {
    const level = known.get(warehouseId) ?? { warehouseId, onHand: 0, held: 0, sold: 0 };
    known.set(warehouseId, {
      ...level,
      onHand: level.onHand + onHand,
      held: level.held + Math.min(0, onHand),
    });
  }
  return stockOf([...known.values()]);
}
