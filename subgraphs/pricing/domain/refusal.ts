import { notNow, refusal } from '@aisle/platform/errors';

export const unavailableNow = () => notNow('Prices cannot be changed just now; nothing was changed.');

const unpriced = refusal('MissingPrice', 'MISSING_PRICE');
export const missingPrice = (sku: string, index: number) => ({
  ...unpriced(`${sku} is not sold in this region.`, 'lines', String(index), 'sku'),
  sku,
});

const outdated = refusal('QuoteOutdated', 'PRICE_CHANGED');
export const quoteOutdated = (newQuoteId: string | null) => ({
  ...outdated('Prices changed since the quote was made, or it expired.', 'quoteId'),
  newQuoteId,
});
