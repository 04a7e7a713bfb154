import type { Scope } from '@aisle/platform/service';
import DataLoader from 'dataloader';
import { type Account, mayViewUser } from '../domain/user.ts';
import type { UserResolvers } from '../generated/schema.ts';
import type { Ports } from '../store/index.ts';
import { toWire } from './user-role.ts';

const BY_ID = {};

const byId = (scope: Scope<Ports>): DataLoader<string, Account | undefined> =>
  scope.once(
    BY_ID,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await scope.ports.accounts.findMany(ids);
        return ids.map((id) => found.get(id));
      }),
  );

export const User: UserResolvers = {
  /** A stranger's reference resolves to null, exactly as an unknown id does. */
  __resolveReference: async ({ id }, scope) =>
    mayViewUser(scope.caller, id) ? ((await byId(scope).load(id)) ?? null) : null,
  roles: ({ roles }) => roles.map(toWire),
  addresses: ({ id }, _args, { ports }) => ports.addresses.list(id),
  defaultAddress: async ({ id }, _args, { ports }) =>
    (await ports.addresses.list(id)).find((address) => address.isDefault) ?? null,
};
