import type { Region } from '@aisle/platform/identity';
import type { Refusal } from '../domain/refusal.ts';
import type { AdjustOutcome, AdjustRequest } from './adjust.ts';
import type { StockChanges } from './changes.ts';
import type { ConfirmOutcome, ConfirmPorts, ConfirmRequest } from './confirm.ts';
import type { Owners } from './owners.ts';
import type { ReserveOutcome, ReserveRequest } from './reserve.ts';
import type { RestockRequest } from './restock.ts';
import type { Warehouses } from './warehouses.ts';

export { StockUnavailable } from './unavailable.ts';

/** What moves stock: each once, over Redis and the ledger together. All throw StockUnavailable while that is not possible. */
export interface StockMoves {
  reserve(request: ReserveRequest): Promise<ReserveOutcome>;
  confirm(request: ConfirmRequest): Promise<ConfirmOutcome>;
  /** @returns true when nothing is held any more, false when it is sold */
  release(region: Region, orderId: string): Promise<boolean>;
  /** @returns why not, or nothing when it is so */
  restock(request: RestockRequest): Promise<Refusal | undefined>;
  adjust(request: AdjustRequest): Promise<AdjustOutcome>;
}

/** What the resolvers and the event handlers see. */
export interface Ports extends ConfirmPorts {
  readonly moves: StockMoves;
  readonly owners: Owners;
  readonly warehouses: Warehouses;
  readonly changes: StockChanges;
  /** Compares the counters with the ledger and restores what differs. @returns partitions restored */
  verify(): Promise<number>;
  /** @throws when Redis or the ledger does not answer */
  ping(): Promise<void>;
}
