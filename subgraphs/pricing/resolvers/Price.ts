import { taxed, taxRules } from '../domain/tax.ts';
import type { PriceResolvers } from '../generated/schema.ts';

export const Price: PriceResolvers = {
  net: ({ region, taxClass, amount }) => taxed(region, taxClass, amount).net,
  tax: ({ region, taxClass, amount }) => taxed(region, taxClass, amount).tax,
  taxRateBps: ({ region, taxClass }) => taxRules(region).rates[taxClass],
  taxIncluded: ({ region }) => taxRules(region).included,
};
