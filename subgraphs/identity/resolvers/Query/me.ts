import type { QueryResolvers } from '../../generated/schema.ts';

export const me: NonNullable<QueryResolvers['me']> = async (_, _args, { caller, ports }) =>
  caller.kind === 'user' ? ((await ports.accounts.find(caller.subject)) ?? null) : null;
