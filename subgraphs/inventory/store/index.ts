import type { StockChanges } from './changes.ts';
import type { ConfirmPorts } from './confirm.ts';
import type { Owners } from './owners.ts';
import type { Warehouses } from './warehouses.ts';

/** What the resolvers and the event handlers see. */
export interface Ports extends ConfirmPorts {
  readonly owners: Owners;
  readonly warehouses: Warehouses;
  readonly changes: StockChanges;
  /** @throws when Redis or the ledger does not answer */
  ping(): Promise<void>;
}
