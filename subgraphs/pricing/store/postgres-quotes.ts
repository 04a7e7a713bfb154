import { createHash } from 'node:crypto';
import { createLru } from '@aisle/platform/cache';
import type { Region } from '@aisle/platform/identity';
import { newId, regionOf } from '@aisle/platform/ids';
import { currencyOf, money } from '@aisle/platform/money';
import type { Databases, Row } from '@aisle/platform/stores';
import type { Quote, QuoteLine, Totals } from '../domain/quote.ts';
import type { QuoteRequest, Quotes } from './index.ts';

interface QuoteRow extends Row {
  id: string;
  subject: string;
  owner: string;
  version: number;
  lines: StoredLine[];
  net: bigint;
  tax: bigint;
  delivery: bigint;
  discount: bigint;
  total: bigint;
  expires_at: Date;
  locked_for: string | null;
}

/** A line in JSON: amounts as numbers of minor units (a line is far below 2^53). */
type StoredLine = [
  sku: string,
  quantity: number,
  unit: number,
  net: number,
  tax: number,
  bps: number,
  gross: number,
  priceVersion: number,
];

const COLUMNS =
  'id, subject, owner, version, lines, net, tax, delivery, discount, total, expires_at, locked_for';
/**
 * A quote that a crash of the server loses is made again at the next request, and the saga that waits for a lock asks
 * for it again: neither is worth waiting for the disk, so these commits go there with the next one that is.
 */
const LAZY = "(SELECT set_config('synchronous_commit', 'off', true)) AS lazy";
/** Quotes kept in memory: those of the carts that are open right now. */
const MAX_KEPT = 5_000;
/** Most quotes deleted in one go, per region. */
const SWEEP = 5_000;
/** How long after its end an unused quote is kept, milliseconds. */
const KEEP_MS = 24 * 3_600_000;

const storeLine = (line: QuoteLine): StoredLine => [
  line.sku,
  line.quantity,
  Number(line.unitPrice.minor),
  Number(line.net.minor),
  Number(line.tax.minor),
  line.taxBps,
  Number(line.gross.minor),
  line.priceVersion,
];

function toQuote(region: Region, row: QuoteRow): Quote {
  const currency = currencyOf(region);
  const amount = (minor: bigint | number) => money(currency, minor);
  return {
    id: row.id,
    region,
    currency,
    subject: row.subject,
    owner: row.owner,
    version: row.version,
    lines: row.lines.map(([sku, quantity, unit, net, tax, taxBps, gross, priceVersion]) => ({
      sku,
      quantity,
      unitPrice: amount(unit),
      net: amount(net),
      tax: amount(tax),
      taxBps,
      gross: amount(gross),
      priceVersion,
    })),
    net: amount(row.net),
    tax: amount(row.tax),
    delivery: amount(row.delivery),
    discount: amount(row.discount),
    total: amount(row.total),
    expiresAt: row.expires_at.getTime(),
    ...(row.locked_for && { lockedFor: row.locked_for }),
  };
}

function fingerprint({ totals, subject, owner, version }: QuoteRequest): string {
  const lines = totals.lines.map((line) => `${line.sku}:${line.quantity}:${line.priceVersion}`).sort();
  const state = [subject, owner, version, totals.delivery.minor, totals.discount.minor, ...lines].join('|');
  return createHash('sha256').update(state).digest('base64url');
}

const amounts = ({ net, tax, delivery, discount, total }: Totals) =>
  [net, tax, delivery, discount, total].map(({ minor }) => minor.toString());

export function postgresQuotes(databases: Databases, quoteMs: number): Quotes {
  // Lines and amounts of a quote never change; until it expires here, it has not expired anywhere.
  const kept = createLru<Quote>(MAX_KEPT);
  const ids = createLru<string>(MAX_KEPT);
  const keep = (quote: Quote): Quote => {
    kept.set(quote.id, quote);
    return quote;
  };
  return {
    peek: (id) => kept.get(id),
    async create(request) {
      const { totals, subject, owner, version, now } = request;
      const { region } = totals;
      const print = fingerprint(request);
      const same = kept.get(ids.get(print) ?? '');
      if (same && same.expiresAt - now > quoteMs / 2) return same;
      const [row] = await databases.of(region).query<QuoteRow>(
        `INSERT INTO quotes AS q (id, fingerprint, subject, owner, version, lines, net, tax, delivery, discount, total, expires_at)
         SELECT $1, $2, $3, $4, $5::int, $6::jsonb, $7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::bigint, $12::timestamptz FROM ${LAZY}
         ON CONFLICT (fingerprint) DO UPDATE SET expires_at = greatest(q.expires_at, excluded.expires_at) RETURNING ${COLUMNS}`,
        [
          newId('quo', region, now),
          print,
          subject,
          owner,
          version,
          JSON.stringify(totals.lines.map(storeLine)),
          ...amounts(totals),
          new Date(now + quoteMs),
        ],
        'pricing_quote_create',
      );
      ids.set(print, row!.id);
      return keep(toQuote(region, row!));
    },
    async find(id, now) {
      const region = regionOf(id, 'quo');
      if (!region) return undefined;
      const known = kept.get(id);
      if (known && known.expiresAt > now) return known;
      const [row] = await databases
        .of(region)
        .query<QuoteRow>(`SELECT ${COLUMNS} FROM quotes WHERE id = $1`, [id], 'pricing_quote_find');
      return row && keep(toQuote(region, row));
    },
    async lock(id, orderId, now) {
      const region = regionOf(id, 'quo');
      if (!region) return undefined;
      const [row] = await databases.of(region).query<QuoteRow & { before: string | null }>(
        `UPDATE quotes SET locked_for = $2, locked_at = coalesce(locked_at, $3) FROM ${LAZY}
         WHERE id = $1 AND (expires_at > $3 OR locked_for = $2)
         RETURNING ${COLUMNS.replace('locked_for', 'new.locked_for')}, old.locked_for AS before`,
        [id, orderId, new Date(now)],
        'pricing_quote_lock',
      );
      if (row) return { quote: keep(toQuote(region, row)), before: row.before };
      // It expired, or the database lost it in a crash: what is remembered here is not to be given out again.
      kept.delete(id);
      return undefined;
    },
    async unlock(id, orderId, before) {
      const region = regionOf(id, 'quo');
      kept.delete(id);
      if (!region) return;
      await databases
        .of(region)
        .query(
          'UPDATE quotes SET locked_for = $3 WHERE id = $1 AND locked_for = $2',
          [id, orderId, before],
          'pricing_quote_unlock',
        );
    },
    async sweep(now) {
      const regional = databases.all.filter((database) => database.region !== 'global');
      const deleted = await Promise.all(
        regional.map((database) =>
          database.query(
            `DELETE FROM quotes WHERE id IN
               (SELECT id FROM quotes WHERE locked_for IS NULL AND expires_at < $1 ORDER BY expires_at LIMIT ${SWEEP})
             RETURNING 1`,
            [new Date(now - KEEP_MS)],
          ),
        ),
      );
      return deleted.reduce((total, rows) => total + rows.length, 0);
    },
  };
}
