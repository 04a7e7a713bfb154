import type { QueryResolvers } from '../../generated/schema.ts';

export const warehouse: NonNullable<QueryResolvers['warehouse']> = async (_, { id }, { ports }) =>
  (await ports.warehouses.find(id)) ?? null;
