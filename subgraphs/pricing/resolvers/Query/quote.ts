import { maySeeQuote } from '../../domain/quote.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { reading } from '../or-unavailable.ts';

export const quote: NonNullable<QueryResolvers['quote']> = async (_, { id }, { ports, caller, clock }) => {
  const found = await reading(() => ports.quotes.find(id, clock.now()));
  return found && maySeeQuote(caller, found) ? found : null;
};
