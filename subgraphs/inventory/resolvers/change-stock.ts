import { forbidden, notAllowed, notFound, unauthenticated } from '@aisle/platform/errors';
import { hasScope } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import type { Refusal } from '../domain/refusal.ts';
import { checkIdempotencyKey, isSku, isWarehouseId } from '../domain/validate.ts';
import type { Ports } from '../store/index.ts';
import type { Stock } from './models.ts';
import { orUnavailable } from './unavailable.ts';

interface Change {
  readonly idempotencyKey: string;
  readonly sku: string;
  readonly warehouseId: string;
  readonly mode: 'set' | 'add';
  readonly units: number;
  readonly reason: string;
}

interface Outcome {
  readonly stock: Stock | null;
  readonly errors: Refusal[];
}

const refused = (refusal: Refusal): Outcome => ({ stock: null, errors: [refusal] });

/** What `setStock` and `adjustStock` have in common: the seller of the variant or staff, a known warehouse, once a key. */
export async function changeStock(
  scope: Scope<Ports>,
  change: Change,
  invalid: Refusal | undefined,
): Promise<Outcome> {
  const { caller, ports } = scope;
  if (caller.kind !== 'user') throw unauthenticated();
  const isStaff = caller.roles.includes('staff') || caller.roles.includes('admin');
  const isSeller = caller.roles.includes('seller') && hasScope(caller, 'INVENTORY_WRITE');
  const sellerId = isSeller ? caller.sellerId : undefined;
  if (!isStaff && !sellerId) throw forbidden();
  const { idempotencyKey, sku, warehouseId, ...rest } = change;
  const problem = checkIdempotencyKey(idempotencyKey) ?? invalid;
  if (problem) return refused(problem);

  return orUnavailable(
    scope.log,
    async () => {
      const owner = isSku(sku) ? await ports.owners.of(sku) : undefined;
      if (!owner) return refused(notFound('There is no such variant.', 'sku'));
      if (!isStaff && owner !== sellerId)
        return refused(notAllowed('This variant is sold by somebody else.', 'sku'));
      const warehouse = isWarehouseId(warehouseId) ? await ports.warehouses.find(warehouseId) : undefined;
      if (!warehouse) return refused(notFound('There is no such warehouse.', 'warehouseId'));
      const { region } = warehouse;
      const outcome = await ports.moves.adjust({
        ...rest,
        region,
        sku,
        warehouseId,
        idempotencyKey,
        actor: caller.subject,
      });
      if ('refusal' in outcome) return refused(outcome.refusal);
      return { stock: { ...outcome.stock, sku, region, live: true }, errors: [] };
    },
    refused,
  );
}
