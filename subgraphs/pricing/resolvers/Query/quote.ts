import { maySeeQuote } from '../../domain/quote.ts';
import type { QueryResolvers } from '../../generated/schema.ts';

export const quote: NonNullable<QueryResolvers['quote']> = async (_, { id }, { ports, caller }) => {
  const found = await ports.quotes.find(id);
  return found && maySeeQuote(caller, found) ? found : null;
};
