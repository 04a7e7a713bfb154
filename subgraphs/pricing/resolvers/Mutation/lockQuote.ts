import { requireService, type Scope } from '@aisle/platform/service';
import { includesDelivery, priceLines, pricesHold, type Quote } from '../../domain/quote.ts';
import { notFound, quoteOutdated } from '../../domain/refusal.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';

export const lockQuote: NonNullable<MutationResolvers['lockQuote']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const { quoteId, orderId } = input;
  const { quotes, prices } = scope.ports;
  const now = scope.clock.now();
  const locked = await quotes.lock(quoteId, orderId, now);
  const quote = locked ?? (await quotes.find(quoteId));
  if (!quote) return { quote: null, errors: [notFound('There is no such quote.', 'input', 'quoteId')] };
  // Read past the cache: what is charged must be what the goods cost at this moment.
  const current = await prices.read(
    quote.region,
    quote.lines.map((line) => line.sku),
  );
  if (locked && pricesHold(locked, current)) return { quote: locked, errors: [] };
  return { quote: null, errors: [quoteOutdated(await requote(quote, scope, now))] };
};

/** The same lines at today's prices; null when one of them is no longer sold. */
async function requote(quote: Quote, { ports }: Scope<Ports>, now: number): Promise<string | null> {
  const prices = await ports.prices.get(
    quote.region,
    quote.lines.map((line) => line.sku),
  );
  if (quote.lines.some((line) => !prices.has(line.sku))) return null;
  const totals = priceLines(quote.region, quote.lines, prices, includesDelivery(quote));
  const { subject, owner, version } = quote;
  return (await ports.quotes.create({ totals, subject, owner, version, now })).id;
}
