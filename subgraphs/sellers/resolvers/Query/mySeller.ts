import type { QueryResolvers } from '../../generated/schema.ts';

/** The one they own, else the one they manage by their role. */
export const mySeller: NonNullable<QueryResolvers['mySeller']> = async (_, _args, { caller, ports }) => {
  if (caller.kind !== 'user') return null;
  const owned = await ports.sellers.findByOwner(caller.subject);
  if (owned) return owned;
  if (!caller.sellerId || !caller.roles.includes('seller')) return null;
  return (await ports.sellers.find(caller.sellerId)) ?? null;
};
