import { invalidInput } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import { linesProblem, priceLines } from '../../domain/quote.ts';
import { missingPrice } from '../../domain/refusal.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { reading } from '../or-unavailable.ts';

export const createQuote: NonNullable<MutationResolvers['createQuote']> = (_, { input }, scope) =>
  reading(async () => {
    requireService(scope, ['cart', 'orders']);
    const { region, subject, owner, version, lines, delivery } = input;
    const problem = linesProblem(lines);
    if (problem) return { quote: null, errors: [invalidInput(problem, 'lines')] };
    const skus = lines.map((line) => line.sku);
    const prices = await scope.ports.prices.get(region, skus);
    const missing = skus.flatMap((sku, index) => (prices.has(sku) ? [] : [missingPrice(sku, index)]));
    if (missing.length > 0) return { quote: null, errors: missing };
    const totals = priceLines(region, lines, prices, delivery ?? true);
    const request = { totals, subject, owner: owner ?? '', version, now: scope.clock.now() };
    return { quote: await scope.ports.quotes.create(request), errors: [] };
  });
