import { notFound } from '@aisle/platform/errors';
import { requireService, type Scope } from '@aisle/platform/service';
import { includesDelivery, priceLines, pricesHold, type Quote } from '../../domain/quote.ts';
import { quoteOutdated } from '../../domain/refusal.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';
import { reading } from '../or-unavailable.ts';

export const lockQuote: NonNullable<MutationResolvers['lockQuote']> = (_, { input }, scope) =>
  reading(async () => {
    requireService(scope, ['orders']);
    const { quoteId, orderId } = input;
    const { quotes } = scope.ports;
    const now = scope.clock.now();
    // Which prices to look at is mostly known already: then lock and prices are one round trip.
    const known = quotes.peek(quoteId);
    const [locked, early] = await Promise.all([
      quotes.lock(quoteId, orderId, now),
      known && pricesNow(known, scope),
    ]);
    const quote = locked?.quote ?? (await quotes.find(quoteId, now));
    if (!quote) return { quote: null, errors: [notFound('There is no such quote.', 'quoteId')] };
    // What this order was told once holds for it, whatever prices do meanwhile.
    if (locked?.before === orderId) return { quote, errors: [] };
    if (locked && pricesHold(quote, early ?? (await pricesNow(quote, scope)))) return { quote, errors: [] };
    if (locked) await quotes.unlock(quoteId, orderId, locked.before);
    return { quote: null, errors: [quoteOutdated(await requote(quote, scope, now))] };
  });

/** Read past the cache: what is charged must be what the goods cost at this moment. */
function pricesNow({ region, lines }: Quote, { ports }: Scope<Ports>) {
  return ports.prices.read(
    region,
    lines.map((line) => line.sku),
  );
}

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
