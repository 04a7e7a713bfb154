import { isRegion, type Region } from '@aisle/platform/identity';
import { parseId } from '@aisle/platform/ids';
import type { Scope } from '@aisle/platform/service';
import DataLoader from 'dataloader';
import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import type { Ports } from '../store/index.ts';

/** Orders that one question to the database names at most. */
const maxBatchSize = 500;
const PAYMENTS = {};
const REFUNDS = {};

/** Payments of many orders with one question per region. */
export function paymentsByOrder(scope: Scope<Ports>): DataLoader<string, Payment | undefined> {
  return scope.once(PAYMENTS, () => {
    const { payments } = scope.ports;
    const load = async (ids: readonly string[]) => {
      const found = await inRegions(ids, (region, orderIds) => payments.findMany(region, orderIds));
      const byOrder = new Map(found.map((payment) => [payment.orderId, payment]));
      return ids.map((id) => byOrder.get(id));
    };
    return new DataLoader(load, { maxBatchSize });
  });
}

/** Refunds of many orders with one question per region. */
export function refundsByOrder(scope: Scope<Ports>): DataLoader<string, Refund[]> {
  return scope.once(REFUNDS, () => {
    const { payments } = scope.ports;
    const load = async (ids: readonly string[]) => {
      const found = await inRegions(ids, (region, orderIds) => payments.refunds(region, orderIds));
      const byOrder = Map.groupBy(found, ({ orderId }) => orderId);
      return ids.map((id) => byOrder.get(id) ?? []);
    };
    return new DataLoader(load, { maxBatchSize });
  });
}

/** Asks each region for its own orders; what is no order's id is asked of nobody. */
async function inRegions<T>(
  ids: readonly string[],
  ask: (region: Region, orderIds: string[]) => Promise<T[]>,
): Promise<T[]> {
  const byRegion = Map.groupBy(ids, (id) => {
    const parsed = parseId(id);
    return parsed?.prefix === 'ord' ? parsed.region : undefined;
  });
  const known = [...byRegion].filter((entry): entry is [Region, string[]] => isRegion(entry[0]));
  return (await Promise.all(known.map(([region, orderIds]) => ask(region, orderIds)))).flat();
}
