import { maySeeQuote } from '../domain/quote.ts';
import type { QuoteLineResolvers, QuoteResolvers, QuoteSnapshotResolvers } from '../generated/schema.ts';
import { reading } from './or-unavailable.ts';
import { isCurrent } from './prices.ts';

export const Quote: QuoteResolvers = {
  __resolveReference: async ({ id }, scope) => {
    const quote = await reading(() => scope.ports.quotes.find(id, scope.clock.now()));
    return quote && maySeeQuote(scope.caller, quote) ? quote : null;
  },
  expiresAt: ({ expiresAt }) => new Date(expiresAt).toISOString(),
  current: (quote, _args, scope) => isCurrent(quote, scope),
};

export const QuoteLine: QuoteLineResolvers = {
  taxRateBps: ({ taxBps }) => taxBps,
  variant: ({ sku }) => ({ sku }),
};

export const QuoteSnapshot: QuoteSnapshotResolvers = {
  expiresAt: ({ expiresAt }) => new Date(expiresAt).toISOString(),
  current: (quote, _args, scope) => isCurrent(quote, scope),
};
