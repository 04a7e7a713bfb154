import type { Region } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import DataLoader from 'dataloader';
import type { Order } from '../domain/order.ts';
import type { Ports, Step } from '../store/index.ts';

/** Batches without keeping: a subscription's events share one scope, and each must see the order as it is then. */
const ORDERS = {};
const STEPS = {};

/** Orders by id, all of an operation in one read a region. */
export function loadOrder(scope: Scope<Ports>, id: string): Promise<Order | undefined> {
  const loader = scope.once(
    ORDERS,
    () =>
      new DataLoader<string, Order | undefined>(
        async (ids) => {
          const found = await scope.ports.orders.findMany(ids);
          return ids.map((one) => found.get(one));
        },
        { maxBatchSize: 200, cache: false },
      ),
  );
  return loader.load(id);
}

/** An order's steps so far, all of an operation in one read a region. */
export function loadSteps(scope: Scope<Ports>, region: Region, orderId: string): Promise<Step[]> {
  const loaders = scope.once(STEPS, () => new Map<Region, DataLoader<string, Step[]>>());
  let loader = loaders.get(region);
  if (!loader) {
    const read = async (ids: readonly string[]) => {
      const found = await scope.ports.progress.of(region, ids);
      return ids.map((id) => found.get(id) ?? []);
    };
    loader = new DataLoader(read, { maxBatchSize: 200, cache: false });
    loaders.set(region, loader);
  }
  return loader.load(orderId);
}
