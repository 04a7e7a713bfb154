import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Api } from './api.ts';
import { atOnce } from './at-once.ts';
import type { Journal } from './journal.ts';
import { type Options, SCENARIOS } from './options.ts';
import { check, checkCharge, kept } from './promises.ts';
import { putOnShelf } from './shelf.ts';
import { Refused } from './shop-error.ts';
import {
  addAddress,
  addToCart,
  finalOrder,
  type Purchase,
  placeOrder,
  register,
  type Shopper,
} from './shopper.ts';
import { formatMoney, type Order, type Stock } from './types.ts';

export interface CrowdResult {
  readonly buyers: number;
  readonly placed: number;
  readonly refused: number;
  /** Orders whose money was captured. */
  readonly charged: number;
  /** What all buyers together paid, minor units. */
  readonly revenue: number;
  readonly finalStock: number;
  /** How often each code was given. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

/** Accounts made at once: hashing passwords is slow on purpose, and the API lets only so many wait. */
const SIGN_UPS_AT_ONCE = 8;
const CARTS_AT_ONCE = 16;

interface Buyer {
  readonly shopper: Shopper;
  /** Or the codes that the cart was refused with: of nothing at all (`--stock 0`) not even a cart can be filled. */
  readonly purchase: Purchase | readonly string[];
}

interface Outcome {
  readonly order: Order | undefined;
  readonly codes: readonly string[];
  readonly took: number;
}

/** Many buyers, each with one unit in the cart, press "buy" at the same moment. @throws BrokenPromise, ShopError */
export async function crowd(api: Api, options: Options, journal: Journal): Promise<CrowdResult> {
  const { buyers: count, stock, region } = options;
  const shelf = await journal.step(
    'shelf',
    () => putOnShelf(api, options),
    ({ title }) => `${stock} × ${title}`,
  );
  const people = Array.from({ length: count }, (_, i) => `Buyer ${i + 1}`);
  const shoppers = await journal.step(
    'register',
    () => atOnce(people, SIGN_UPS_AT_ONCE, (name) => register(api, region, name)),
    (made) => `${made.length} buyers`,
  );
  const ready = await journal.step(
    'carts',
    () =>
      atOnce(shoppers, CARTS_AT_ONCE, (shopper, i) => fillCart(api, shopper, shelf.sku, people[i]!, options)),
    () => 'one unit in each',
  );
  const outcomes = await journal.step(
    'placeOrder',
    () => Promise.all(ready.map((buyer) => attempt(api, buyer))),
    () => `${count} at once`,
  );
  const left = await journal.step(
    'stock',
    () => finalStock(api, shelf.sku, options),
    ({ available }) => `${available} left`,
  );
  const result = summarise(outcomes, left);
  report(result, outcomes, journal);
  checkAll(outcomes, result, left, options);
  return result;
}

async function fillCart(
  api: Api,
  shopper: Shopper,
  sku: string,
  name: string,
  options: Options,
): Promise<Buyer> {
  const addressId = await addAddress(api, shopper, options.region, name);
  const cart = await addToCart(api, shopper, sku, 1).catch((error: unknown) => {
    if (error instanceof Refused) return error.codes;
    throw error;
  });
  if (!('quote' in cart)) return { shopper, purchase: cart };
  const { id: cartId, quote } = cart;
  check(quote !== null, 'A cart with goods that have prices has a quote.');
  const paymentMethod = SCENARIOS[options.scenario].card;
  return {
    shopper,
    purchase: { idempotencyKey: randomUUID(), cartId, quoteId: quote!.id, paymentMethod, addressId },
  };
}

async function attempt(api: Api, { shopper, purchase }: Buyer): Promise<Outcome> {
  if (!('cartId' in purchase)) return { codes: purchase, took: 0, order: undefined };
  const began = performance.now();
  const { order, errors } = await placeOrder(api, shopper, purchase);
  const took = performance.now() - began;
  const codes = errors.map(({ code }) => code);
  return { codes, took, order: order ? await finalOrder(api, shopper, order.id) : undefined };
}

/** The stock once nothing is held any more. */
async function finalStock(api: Api, sku: string, { region }: Options): Promise<Stock> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const { variant } = await api.send<{ variant: { stock: Stock | null } | null }>('stock', { sku, region });
    const stock = variant?.stock;
    check(stock != null, 'The stock of the product is known.');
    if (stock!.held === 0 || Date.now() > deadline) return stock!;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function summarise(outcomes: readonly Outcome[], { available }: Stock): CrowdResult {
  const orders = outcomes.flatMap(({ order }) => order ?? []);
  const placed = orders.filter(({ status }) => status === 'CONFIRMED');
  const times = outcomes.map(({ took }) => took).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  const refusals: Record<string, number> = {};
  for (const code of outcomes.flatMap(({ codes }) => codes)) refusals[code] = (refusals[code] ?? 0) + 1;
  return {
    buyers: outcomes.length,
    placed: placed.length,
    refused: outcomes.length - placed.length,
    charged: orders.filter((order) => kept(order) > 0).length,
    revenue: orders.reduce((sum, order) => sum + kept(order), 0),
    finalStock: available,
    refusals,
    p50: at(0.5),
    p95: at(0.95),
  };
}

function report(result: CrowdResult, outcomes: readonly Outcome[], journal: Journal): void {
  const currency = outcomes.find(({ order }) => order)?.order?.total.currency ?? '';
  const { placed, refused, charged, revenue, refusals } = result;
  const reasons = Object.entries(refusals).map(([code, times]) => `${code} × ${times}`);
  journal.note(`placed       ${placed}`);
  journal.note(`refused      ${refused}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`);
  journal.note(
    `charged      ${charged}${charged > 0 ? ` (${formatMoney({ currency, minor: revenue })})` : ''}`,
  );
  journal.note(`final stock  ${result.finalStock}`);
  journal.note(`placeOrder   p50 ${result.p50} ms, p95 ${result.p95} ms`);
}

function checkAll(outcomes: readonly Outcome[], result: CrowdResult, left: Stock, options: Options): void {
  for (const { order } of outcomes) if (order) checkCharge(order);
  const { placed, charged, finalStock: available } = result;
  const sells = SCENARIOS[options.scenario].ends === 'CONFIRMED';
  const expected = sells ? Math.min(options.buyers, options.stock) : 0;
  check(placed === expected, `${expected} orders should have been placed, and ${placed} were.`);
  check(charged === placed, `${placed} orders were placed and ${charged} were charged.`);
  check(left.held === 0, `${left.held} units are still held for nobody.`);
  check(
    available === options.stock - placed,
    `${options.stock - placed} units should be left, and ${available} are.`,
  );
  const typed = new Set(sells ? ['INSUFFICIENT_STOCK'] : ['INSUFFICIENT_STOCK', 'PAYMENT_DECLINED']);
  const odd = Object.keys(result.refusals).filter((code) => !typed.has(code));
  check(odd.length === 0, `Buyers were refused for another reason than the stock: ${odd.join(', ')}.`);
  const silent = outcomes.filter(
    ({ order, codes }) => order?.status !== 'CONFIRMED' && codes.length === 0 && !order?.failure,
  );
  check(silent.length === 0, `${silent.length} buyers were refused without being told why.`);
}
