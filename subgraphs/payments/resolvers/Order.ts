import { isRegion, type Region } from '@aisle/platform/identity';
import { parseId } from '@aisle/platform/ids';
import type { Scope } from '@aisle/platform/service';
import DataLoader from 'dataloader';
import type { Payment } from '../domain/payment.ts';
import type { OrderResolvers } from '../generated/schema.ts';
import type { Ports } from '../store/index.ts';
import { maySee } from './viewer.ts';

const LOADER = {};

/** Payments of many orders with one question per region. */
function loaderOf(scope: Scope<Ports>): DataLoader<string, Payment | undefined> {
  return scope.once(
    LOADER,
    () => new DataLoader((ids: readonly string[]) => findAll(ids, scope.ports), { maxBatchSize: 500 }),
  );
}

async function findAll(ids: readonly string[], { payments }: Ports): Promise<(Payment | undefined)[]> {
  const byRegion = Map.groupBy(ids, (id) => {
    const parsed = parseId(id);
    return parsed?.prefix === 'ord' ? parsed.region : undefined;
  });
  const known = [...byRegion].filter((entry): entry is [Region, string[]] => isRegion(entry[0]));
  const found = await Promise.all(known.map(([region, orderIds]) => payments.findMany(region, orderIds)));
  const byOrder = new Map(found.flat().map((payment) => [payment.orderId, payment]));
  return ids.map((id) => byOrder.get(id));
}

export const Order: OrderResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  // A stranger's payment looks like none at all.
  async payment({ id }, _, scope) {
    const payment = await loaderOf(scope).load(id);
    return payment && maySee(scope.caller, payment.userId) ? payment : null;
  },
};
