import type { Scope } from '@aisle/platform/service';
import DataLoader from 'dataloader';
import { type Seller as Model, mayManage, mayView } from '../domain/seller.ts';
import type { SellerResolvers } from '../generated/schema.ts';
import type { Ports } from '../store/index.ts';

const BY_ID = {};

const byId = (scope: Scope<Ports>): DataLoader<string, Model | undefined> =>
  scope.once(
    BY_ID,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await scope.ports.sellers.findMany(ids);
        return ids.map((id) => found.get(id));
      }),
  );

/** What only the seller's own people and staff see. */
const inside =
  <Value>(read: (seller: Model, scope: Scope<Ports>) => Value) =>
  (seller: Model, _args: unknown, scope: Scope<Ports>): Value | null =>
    mayManage(scope.caller, seller) ? read(seller, scope) : null;

export const Seller: SellerResolvers = {
  __resolveReference: async ({ id }, scope) => {
    const seller = await byId(scope).load(id);
    return seller && mayView(scope.caller, seller) ? seller : null;
  },
  feeBps: inside(({ feeBps }) => feeBps),
  contactEmail: inside(({ contactEmail }) => contactEmail),
  suspensionReason: inside(({ suspensionReason }) => suspensionReason),
  apiKeys: inside(({ id }, { ports }) => ports.apiKeys.list(id)),
};
