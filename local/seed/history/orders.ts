import type { SeedUser } from '@aisle/identity/seed';
import type { PastSaleRow } from '@aisle/inventory/seed';
import type { SeedOrder } from '@aisle/orders/seed';
import type { SeedPayment } from '@aisle/payments/seed';
import { currencyOf, money } from '@aisle/platform/money';
import { priceLines, type SeedPrice } from '@aisle/pricing/seed';
import { homeWarehouse, type Warehouses } from '../goods/stock.ts';
import { seededId } from '../ids.ts';
import { hash32, randomOf } from '../random.ts';
import { basketOf, OCCASIONS } from './baskets.ts';

/** What the history needs of a variant that was for sale. */
export interface PastVariant {
  readonly sku: string;
  readonly title: string;
  readonly sellerId: string;
  readonly prices: readonly SeedPrice[];
}

export interface PastShop {
  /** Part of every order's id: a history made of other goods is another history. */
  readonly name: string;
  /** Variants by leaf slug. */
  readonly byLeaf: ReadonlyMap<string, readonly PastVariant[]>;
  readonly feeBps: ReadonlyMap<string, number>;
  readonly warehouses: Warehouses;
  /** Orders were placed between these, epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

export interface PastOrder {
  readonly order: SeedOrder;
  readonly payment: SeedPayment;
  readonly sales: readonly PastSaleRow[];
}

const MAX_ORDERS = 8;
/** One in so many is cancelled afterwards, and paid back. */
const CANCELLED_SHARE = 0.03;
const DISPATCHED_AFTER_MS = 6 * 3_600_000;

/** All orders a customer ever placed, oldest first: the same occasions and the same brands again and again. */
export function historyOf(customer: SeedUser, shop: PastShop): PastOrder[] {
  const random = randomOf(`history ${customer.id}`);
  const favourites = random.sample([...OCCASIONS.keys()], 3);
  const count = random.chance(0.08) ? 0 : random.int(1, MAX_ORDERS);
  const span = shop.until - shop.from;
  const times = Array.from({ length: count }, () => shop.from + Math.floor(random.next() * span)).sort(
    (a, b) => a - b,
  );
  return times.map((placedAt, i) => {
    const basket = basketOf(favourites, [...shop.byLeaf.keys()], random);
    const wanted = basket.map((slug) => ({
      variant: usualChoice(customer.id, slug, shop, random.chance(0.75) ? 0 : random.int(1, 4)),
      quantity: random.chance(0.7) ? 1 : random.int(2, 4),
    }));
    const id = seededId('ord', `${shop.name} ${customer.id} ${i}`, placedAt, customer.region);
    return pastOrder(id, customer, dedupe(wanted), placedAt, random.chance(CANCELLED_SHARE), shop);
  });
}

/** People buy what they bought before: the choice is the customer's and the shelf's, seldom another. */
function usualChoice(customer: string, slug: string, { byLeaf }: PastShop, other: number): PastVariant {
  const variants = byLeaf.get(slug);
  if (!variants?.length) throw new Error(`Nothing was ever sold on the shelf "${slug}".`);
  // A fifth of the shelf sells most.
  const popular = Math.max(1, Math.ceil(variants.length / 5));
  const range = hash32(`${slug} ${customer}`) % 3 === 0 ? variants.length : popular;
  return variants[(hash32(`${customer} ${slug}`) + other) % range]!;
}

type Wanted = { readonly variant: PastVariant; readonly quantity: number };

const dedupe = (wanted: readonly Wanted[]) => [
  ...new Map(wanted.map((line) => [line.variant.sku, line])).values(),
];

function pastOrder(
  id: string,
  customer: SeedUser,
  wanted: readonly Wanted[],
  placedAt: number,
  isCancelled: boolean,
  shop: PastShop,
): PastOrder {
  const { region } = customer;
  const currency = currencyOf(region);
  const prices = wanted.map(({ variant: { sku, prices: all } }) => {
    const { minor, taxClass } = all.find((price) => price.region === region)!;
    return [sku, { sku, region, taxClass, amount: money(currency, minor), version: 1 }] as const;
  });
  const wishes = wanted.map(({ variant, quantity }) => ({ sku: variant.sku, quantity }));
  const totals = priceLines(region, wishes, new Map(prices), true);
  const lines = totals.lines.map((line, i) => ({
    sku: line.sku,
    title: wanted[i]!.variant.title,
    sellerId: wanted[i]!.variant.sellerId,
    quantity: line.quantity,
    unitPrice: Number(line.unitPrice.minor),
    net: Number(line.net.minor),
    tax: Number(line.tax.minor),
    taxBps: line.taxBps,
    gross: Number(line.gross.minor),
  }));
  const { id: _id, ...address } = customer.addresses[0]!;
  const sellers = [...new Set(lines.map(({ sellerId }) => sellerId))];
  const order: SeedOrder = {
    id,
    userId: customer.id,
    region,
    status: isCancelled ? 'CANCELLED' : 'COMPLETED',
    lines,
    delivery: Number(totals.delivery.minor),
    discount: 0,
    address,
    feeBps: Object.fromEntries(sellers.map((seller) => [seller, shop.feeBps.get(seller) ?? 0])),
    placedAt,
  };
  const payment: SeedPayment = {
    orderId: id,
    userId: customer.id,
    region,
    minor: Number(totals.total.minor),
    status: isCancelled ? 'REFUNDED' : 'CAPTURED',
    paidAt: placedAt + 400,
  };
  const at = new Date(placedAt + DISPATCHED_AFTER_MS).toISOString();
  const sales = lines.map(({ sku, quantity }) => {
    const warehouseId = homeWarehouse(shop.warehouses, region, sku).id;
    return { orderId: id, sku, warehouseId, quantity, dispatched: true, at };
  });
  return { order, payment, sales: isCancelled ? [] : sales };
}
