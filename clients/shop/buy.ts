import { randomUUID } from 'node:crypto';
import type { Api } from './api.ts';
import { type Follower, follow } from './follower.ts';
import type { Journal } from './journal.ts';
import { type Options, SCENARIOS } from './options.ts';
import { check, checkCharge, kept } from './promises.ts';
import { ShopError } from './shop-error.ts';
import {
  addAddress,
  addToCart,
  browse,
  finalOrder,
  type Placed,
  type Purchase,
  placeOrder,
  register,
  type Shopper,
} from './shopper.ts';
import { formatMoney, type Order } from './types.ts';

const QUANTITY = 2;
const NAME = 'Sam Shopper';

export interface BuyResult {
  readonly orderId: string;
  readonly status: string;
  readonly total: Order['total'];
  /** What the buyer paid in the end, minor units. */
  readonly charged: number;
  readonly refusals: readonly string[];
  /** Steps as they came over the subscription. */
  readonly steps: readonly string[];
  readonly stockEvents: number;
}

/** One shopper from the door to the receipt, with the order and the stock followed live. @throws BrokenPromise, ShopError */
export async function buy(api: Api, options: Options, journal: Journal): Promise<BuyResult> {
  const shopper = await journal.step(
    'register',
    () => register(api, options.region, NAME),
    ({ email }) => email,
  );
  // Early: the server has all the time until the order to get the subscription going.
  const follower = follow(api.url, shopper, journal);
  try {
    const purchase = await fillCart(api, shopper, options, journal, follower);
    return await order(api, shopper, purchase, options, journal, follower);
  } finally {
    await follower.close();
  }
}

async function fillCart(
  api: Api,
  shopper: Shopper,
  { region, scenario }: Options,
  journal: Journal,
  follower: Follower,
): Promise<Purchase> {
  const addressId = await journal.step(
    'addAddress',
    () => addAddress(api, shopper, region, NAME),
    (id) => id,
  );
  const { variant } = await journal.step(
    'browse',
    () => browse(api, shopper, region, QUANTITY),
    (found) =>
      `${found.seen} products; takes ${found.variant.title} at ${formatMoney(found.variant.price!.amount)}`,
  );
  follower.watch(variant.sku, region);
  const cart = await journal.step(
    'addToCart',
    () => addToCart(api, shopper, variant.sku, QUANTITY),
    ({ itemCount, quote }) =>
      `${itemCount} × ${variant.title}, ${quote ? formatMoney(quote.total) : 'no quote'} with delivery`,
  );
  check(cart.quote !== null, 'A cart with goods that have prices has a quote.');
  await journal.step(
    'subscribe',
    () => follower.settled(),
    () => 'orderProgress, stockChanged',
  );
  return {
    idempotencyKey: randomUUID(),
    cartId: cart.id,
    quoteId: cart.quote!.id,
    paymentMethod: SCENARIOS[scenario].card,
    addressId,
  };
}

async function order(
  api: Api,
  shopper: Shopper,
  purchase: Purchase,
  { scenario }: Options,
  journal: Journal,
  follower: Follower,
): Promise<BuyResult> {
  const { card, ends, says } = SCENARIOS[scenario];
  const place = () => placeOrder(api, shopper, purchase);
  journal.note(`pays with ${says} (${card})`);
  const placed = await journal.step('placeOrder', place, describePlaced);
  const refusals = placed.errors.map(({ code }) => code);
  check(
    placed.order !== null,
    `The order was not placed: ${placed.errors.map(({ message }) => message).join('; ')}`,
  );
  const { id } = placed.order!;
  if (scenario === 'requires-action')
    await journal.step(
      'bank',
      () => agree(placed),
      () => 'the buyer agrees on the bank’s page',
    );

  const settled = await journal.step('settled', () => finalOrder(api, shopper, id), describeOrder);
  const { status, total } = settled;
  check(status === ends, `An order on ${says} ends ${ends}, not ${status}.`);
  checkCharge(settled);
  if (scenario === 'decline')
    check(refusals.includes('PAYMENT_DECLINED'), 'A declined card is told as PAYMENT_DECLINED.');

  const again = await journal.step('same key again', place, describePlaced);
  check(again.order?.id === id, 'The same key gives the same order.');
  checkCharge(await finalOrder(api, shopper, id));
  await journal.step(
    'live',
    () => follower.sawAll(settled),
    (note) => note,
  );
  const { steps } = follower;
  return {
    orderId: id,
    status,
    total,
    charged: kept(settled),
    refusals,
    steps,
    stockEvents: follower.stockEvents(),
  };
}

const describePlaced = ({ order, errors }: Placed): string =>
  [
    order ? `${order.id} ${order.status}` : 'no order',
    ...errors.map(({ code, message }) => `${code}: ${message}`),
  ].join(' · ');

const describeOrder = (order: Order): string =>
  `${order.status}, charged ${formatMoney({ currency: order.total.currency, minor: kept(order) })} of ${formatMoney(order.total)}`;

/** What a person would do on the page of their bank. The page is not the marketplace's. */
async function agree({ errors }: Placed): Promise<void> {
  const url = errors.find((error) => error.__typename === 'PaymentActionRequired')?.url;
  check(url !== undefined, 'A payment that needs the buyer says where.');
  const signal = AbortSignal.timeout(10_000);
  const body = new URLSearchParams({ decision: 'approve' });
  const response = await fetch(url!, { method: 'POST', body, redirect: 'manual', signal });
  await response.body?.cancel();
  if (response.status >= 400) throw new ShopError(`The bank's page answered with status ${response.status}.`);
}
