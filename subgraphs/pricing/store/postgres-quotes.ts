import { createHash } from 'node:crypto';
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
  return {
    async create(request) {
      const { totals, subject, owner, version, now } = request;
      const { region } = totals;
      const [row] = await databases.of(region).query<QuoteRow>(
        `INSERT INTO quotes AS q (id, fingerprint, subject, owner, version, lines, net, tax, delivery, discount, total, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (fingerprint) DO UPDATE SET expires_at = greatest(q.expires_at, excluded.expires_at) RETURNING ${COLUMNS}`,
        [
          newId('quo', region, now),
          fingerprint(request),
          subject,
          owner,
          version,
          JSON.stringify(totals.lines.map(storeLine)),
          ...amounts(totals),
          new Date(now + quoteMs),
        ],
        'pricing_quote_create',
      );
      return toQuote(region, row!);
    },
    async find(id) {
      const region = regionOf(id, 'quo');
      if (!region) return undefined;
      const [row] = await databases
        .of(region)
        .query<QuoteRow>(`SELECT ${COLUMNS} FROM quotes WHERE id = $1`, [id], 'pricing_quote_find');
      return row && toQuote(region, row);
    },
    async lock(id, orderId, now) {
      const region = regionOf(id, 'quo');
      if (!region) return undefined;
      const [row] = await databases.of(region).query<QuoteRow>(
        `UPDATE quotes SET locked_for = $2, locked_at = coalesce(locked_at, $3)
         WHERE id = $1 AND (expires_at > $3 OR locked_for = $2) RETURNING ${COLUMNS}`,
        [id, orderId, new Date(now)],
        'pricing_quote_lock',
      );
      return row && toQuote(region, row);
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
