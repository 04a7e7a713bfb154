/** What resolvers pass around for the schema's types of the same name. */
import type { Price as StoredPrice } from '../domain/price.ts';
import type { QuoteLine as StoredLine, Quote as StoredQuote } from '../domain/quote.ts';

export type Price = StoredPrice;
export type QuoteLine = StoredLine;
export type QuoteSnapshotLine = StoredLine;
export type Quote = StoredQuote;
export type QuoteSnapshot = StoredQuote;
/** A variant is known here by its SKU alone. */
export interface ProductVariant {
  readonly sku: string;
}
