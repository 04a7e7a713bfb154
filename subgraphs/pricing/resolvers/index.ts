import type { Resolvers } from '../generated/schema.ts';
import { createQuote } from './Mutation/createQuote.ts';
import { lockQuote } from './Mutation/lockQuote.ts';
import { setPrice } from './Mutation/setPrice.ts';
import { Price } from './Price.ts';
import { ProductVariant } from './ProductVariant.ts';
import { deliveryTerms } from './Query/deliveryTerms.ts';
import { quote } from './Query/quote.ts';
import { quoteSnapshot } from './Query/quoteSnapshot.ts';
import { Quote, QuoteLine, QuoteSnapshot } from './Quote.ts';

export const resolvers: Resolvers = {
  Query: { quote, deliveryTerms, quoteSnapshot },
  Mutation: { setPrice, createQuote, lockQuote },
  Price,
  ProductVariant,
  Quote,
  QuoteLine,
  QuoteSnapshot,
};
