import { mayViewUser } from '../domain/user.ts';
import type { AddressResolvers } from '../generated/schema.ts';

export const Address: AddressResolvers = {
  __resolveReference: async ({ id }, { caller, ports }) => {
    if (caller.kind !== 'user') return null;
    const address = await ports.addresses.find(id);
    return address && mayViewUser(caller, address.userId) ? address : null;
  },
};
