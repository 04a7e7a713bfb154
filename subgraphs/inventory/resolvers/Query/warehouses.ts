import type { QueryResolvers } from '../../generated/schema.ts';

export const warehouses: NonNullable<QueryResolvers['warehouses']> = (_, { region }, { ports }) =>
  region ? ports.warehouses.of(region) : ports.warehouses.all();
