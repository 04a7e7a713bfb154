import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Finding, Invariant } from '../invariant.ts';
import type { Stores } from '../stores.ts';

/** Tables that hold what people own, with the columns that carry an id with its region. */
const OWNED: readonly (readonly [table: string, column: string])[] = [
  ['orders.orders', 'id'],
  ['orders.orders', 'user_id'],
  ['orders.order_progress', 'user_id'],
  ['payments.payments', 'order_id'],
  ['payments.payments', 'user_id'],
  ['payments.payment_methods', 'user_id'],
  ['pricing.quotes', 'id'],
  ['cart.carts', 'id'],
  ['identity.users', 'id'],
  ['identity.addresses', 'user_id'],
];

/** 10: nobody's data lies in another region, and an order's payment is its buyer's. */
export const tenants: Invariant = {
  id: '10',
  title: 'tenants: every record lies in the region its id names, every payment belongs to the order’s buyer',
  async check(stores): Promise<Finding> {
    const violations: string[] = [];
    let looked = 0;
    for (const region of stores.regions) {
      for (const [table, column] of OWNED) {
        const [known] = await stores.sql(region, 'SELECT to_regclass($1) AS name', [table]);
        if (!known?.name) continue;
        const [row] = await stores.sql(
          region,
          `SELECT count(*) AS all, count(*) FILTER (WHERE split_part(${column}, '_', 2) <> $1) AS strays FROM ${table}`,
          [region],
        );
        looked += Number(row?.all);
        if (Number(row?.strays) > 0)
          violations.push(`${region}: ${row?.strays} rows of ${table} have a ${column} of another region`);
      }
      const foreign = await stores.sql(
        region,
        `SELECT o.id FROM orders.orders o JOIN payments.payments p ON p.order_id = o.id WHERE p.user_id <> o.user_id LIMIT 20`,
      );
      for (const row of foreign) violations.push(`${region}: the payment of ${row.id} is another person's`);
    }
    return { looked, violations };
  },
};

const TEXTS: readonly (readonly [table: string, expression: string])[] = [
  ['orders.outbox', 'event'],
  ['payments.outbox', 'event'],
  ['identity.outbox', 'event'],
  ['orders.saga', 'state::text'],
  ['orders.idempotency', 'answer::text'],
  ['payments.payments', 'payments::text'],
  ['payments.attempts', 'attempts::text'],
  ['cart.carts', 'state::text'],
];
const TOKEN =
  /eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.|\brt_(?:us|eu|gb|in|br)_[A-Za-z0-9_-]{16,}|\$argon2id?\$|\bcv[cv]"?\s*[:=]\s*"?\d{3,4}\b/;
const DIGITS = /(?<![\w.-])(?:\d[ -]?){13,19}(?![\w.-])/g;

/** A card number: 13 to 19 digits that begin like one and pass the Luhn check. */
export function findCardNumber(text: string): string | undefined {
  for (const [match] of text.matchAll(DIGITS)) {
    const digits = match.replace(/\D/g, '');
    if (!/^(?:4|5[1-5]|2[2-7]|3[47]|6(?:011|5))/.test(digits) || digits.length < 13) continue;
    let sum = 0;
    [...digits].reverse().forEach((digit, i) => {
      const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2);
      sum += doubled > 9 ? doubled - 9 : doubled;
    });
    if (sum % 10 === 0) return digits;
  }
  return undefined;
}

const secretIn = (text: string): string | undefined =>
  findCardNumber(text) ? 'a card number' : TOKEN.test(text) ? 'a token or password hash' : undefined;

async function searchLogs(folder: string): Promise<Finding> {
  const violations: string[] = [];
  let looked = 0;
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    if (!name.endsWith('.log')) continue;
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      looked++;
      const secret = secretIn(line.slice(0, 20_000));
      if (secret) violations.push(`${name}, line with ${secret}`);
      if (violations.length > 20) break;
    }
  }
  return { looked, violations };
}

/** 11: what must not be kept is kept nowhere. */
export const secrets: Invariant = {
  id: '11',
  title: 'secrets: no card number, CVV, password or token in a store, event or log',
  async check(stores: Stores): Promise<Finding> {
    const logs = stores.logs ? await searchLogs(stores.logs) : { looked: 0, violations: [] };
    const violations = [...logs.violations];
    let { looked } = logs;
    for (const region of stores.regions) {
      for (const [table, expression] of TEXTS) {
        const [known] = await stores.sql(region, 'SELECT to_regclass($1) AS name', [table]);
        if (!known?.name) continue;
        const rows = await stores.sql(region, `SELECT ${expression} AS text FROM ${table} LIMIT 200000`);
        looked += rows.length;
        const bad = rows.map((row) => row.text && secretIn(row.text)).filter(Boolean);
        if (bad.length > 0) violations.push(`${region}: ${bad.length} rows of ${table} hold ${bad[0]}`);
      }
    }
    return { looked, violations };
  },
};
