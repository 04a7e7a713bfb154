import type { Region } from '@aisle/platform/identity';
import { CommandError, type Commands } from '@aisle/platform/service';
import type { Line } from '../domain/cart.ts';
import { catalogue, inventory, pricing } from '../generated/calls.ts';

const WIRE = { us: 'US', eu: 'EU', gb: 'GB', in: 'IN', br: 'BR' } as const satisfies Record<Region, string>;

/** What one operation passes on to the commands it causes. */
export interface Asking {
  readonly region: Region;
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly traceparent?: string;
}

export interface QuoteRequest {
  readonly cartId: string;
  readonly owner: string;
  readonly version: number;
  readonly lines: readonly Line[];
}

/** A context that was asked could not answer. */
export class ShopUnavailable extends Error {}

/** What a cart asks the other contexts. Every method throws ShopUnavailable when there is no usable answer. */
export interface Shop {
  variant(sku: string, asking: Asking): Promise<'sold' | 'withdrawn' | 'unknown'>;
  /** How many can be had when it is fewer than wanted. */
  short(line: Line, asking: Asking): Promise<number | undefined>;
  /** The quote for this version of a cart; the same one as long as no price changes. Or which SKU has no price here. */
  quote(
    request: QuoteRequest,
    asking: Asking,
  ): Promise<{ readonly id: string } | { readonly missing: string }>;
}

export function createShop(commands: Commands): Shop {
  async function ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof CommandError ? new ShopUnavailable(error.message, { cause: error }) : error;
    }
  }

  return {
    variant: (sku, asking) =>
      ask(async () => {
        const { variantSnapshots } = await commands.send(
          catalogue.VariantSnapshotsDocument,
          { skus: [sku] },
          { ...asking, to: 'catalogue', idempotent: true },
        );
        const found = variantSnapshots.find((snapshot) => snapshot.sku === sku);
        return found ? (found.withdrawn ? 'withdrawn' : 'sold') : 'unknown';
      }),

    short: ({ sku, quantity }, asking) =>
      ask(async () => {
        const input = { region: WIRE[asking.region], lines: [{ sku, quantity }] };
        const { checkStock } = await commands.send(
          inventory.CheckStockDocument,
          { input },
          { ...asking, to: 'inventory', idempotent: true },
        );
        return checkStock.find((line) => line.sku === sku)?.available;
      }),

    quote: ({ cartId, owner, version, lines }, asking) =>
      ask(async () => {
        const input = {
          region: WIRE[asking.region],
          subject: cartId,
          owner,
          version,
          lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
        };
        const { createQuote } = await commands.send(
          pricing.CreateQuoteDocument,
          { input },
          { ...asking, to: 'pricing', idempotent: true },
        );
        if (createQuote.quote) return { id: createQuote.quote.id };
        const [error] = createQuote.errors;
        if (error?.__typename === 'MissingPrice') return { missing: error.sku };
        throw new ShopUnavailable(`pricing refused the quote: ${error?.code}`);
      }),
  };
}
