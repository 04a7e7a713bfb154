import { randomUUID } from 'node:crypto';
import type { Api } from './api.ts';
import type { Journal } from './journal.ts';
import { type Live, openLive } from './live.ts';
import { type Options, SCENARIOS } from './options.ts';
import { check, checkCharge, kept } from './promises.ts';
import { ShopError } from './shop-error.ts';
import {
  addAddress,
  addToCart,
  browse,
  finalOrder,
  type Placed,
  placeOrder,
  register,
  type Shopper,
} from './shopper.ts';
import { formatMoney, type Order, type OrderProgress, type StockChange } from './types.ts';

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
  const { region, scenario } = options;
  const { card, ends, says } = SCENARIOS[scenario];
  const shopper = await journal.step(
    'register',
    () => register(api, region, NAME),
    ({ email }) => email,
  );
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
  const cart = await journal.step(
    'addToCart',
    () => addToCart(api, shopper, variant.sku, QUANTITY),
    ({ itemCount, quote }) =>
      `${itemCount} × ${variant.title}, ${quote ? formatMoney(quote.total) : 'no quote'} with delivery`,
  );
  check(cart.quote !== null, 'A cart with goods that have prices has a quote.');

  const follower = await follow(api.url, shopper, variant.sku, options, journal);
  try {
    const purchase = {
      idempotencyKey: randomUUID(),
      cartId: cart.id,
      quoteId: cart.quote!.id,
      paymentMethod: card,
      addressId,
    };
    journal.note(`pays with ${says} (${card})`);
    const placed = await journal.step('placeOrder', () => placeOrder(api, shopper, purchase), describePlaced);
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

    const order = await journal.step('settled', () => finalOrder(api, shopper, id), describeOrder);
    check(order.status === ends, `An order on ${says} ends ${ends}, not ${order.status}.`);
    checkCharge(order);
    if (scenario === 'decline')
      check(
        placed.errors.some((error) => error.code === 'PAYMENT_DECLINED'),
        'A declined card is told as PAYMENT_DECLINED.',
      );

    const again = await journal.step(
      'same key again',
      () => placeOrder(api, shopper, purchase),
      describePlaced,
    );
    check(again.order?.id === id, 'The same key gives the same order.');
    checkCharge(await finalOrder(api, shopper, id));
    await journal.step(
      'live',
      () => follower.sawAll(order),
      (note) => note,
    );
    const refusals = placed.errors.map(({ code }) => code);
    const { steps, stockEvents } = follower;
    return {
      orderId: id,
      status: order.status,
      total: order.total,
      charged: kept(order),
      refusals,
      steps,
      stockEvents: stockEvents(),
    };
  } finally {
    await follower.close();
  }
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

interface Follower {
  readonly steps: readonly string[];
  stockEvents(): number;
  /** Waits until each step of the order and a change of the stock have come. */
  sawAll(order: Order): Promise<string>;
  close(): Promise<void>;
}

/** How long an event may take to arrive after the fact, milliseconds. */
const LATEST_MS = 10_000;

async function follow(
  url: string,
  shopper: Shopper,
  sku: string,
  options: Options,
  journal: Journal,
): Promise<Follower> {
  let failure: Error | undefined;
  const steps: string[] = [];
  const cursors = new Set<string>();
  let stockEvents = 0;
  const live: Live = openLive(url, shopper.token, (error) => {
    failure ??= error;
    journal.live('connection', error.message);
  });
  const onStep = ({ cursor, step, status, detail }: OrderProgress) => {
    if (cursors.has(cursor)) return;
    steps.push(step);
    cursors.add(cursor);
    journal.live('orderProgress', [step, status, detail].filter(Boolean).join(' · '));
  };
  live.subscribe<OrderProgress>('order-progress', {}, onStep);
  live.subscribe<StockChange>(
    'stock-changed',
    { skus: [sku], region: options.region },
    ({ kind, variant, stock }) => {
      stockEvents++;
      journal.live(
        'stockChanged',
        `${variant.title}: ${kind}, ${stock.available} left (${stock.held} held, ${stock.sold} sold)`,
      );
    },
  );
  await journal.step(
    'subscribe',
    () => live.settled(),
    () => 'orderProgress, stockChanged',
  );

  return {
    steps,
    stockEvents: () => stockEvents,
    async sawAll(order) {
      const deadline = Date.now() + LATEST_MS;
      const missing = () => order.progress.filter(({ cursor }) => !cursors.has(cursor));
      // A server that is still warming up may take the order before it takes the subscription, and no protocol tells when
      // one is there. What was missed is told by the order's own subscription, which begins with the first step.
      if (missing().length > 0) live.subscribe<OrderProgress>('order-progress-of', { orderId: order.id }, onStep);
      while ((missing().length > 0 || stockEvents === 0) && !failure && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 20));
      if (failure) throw failure;
      const lost = missing().map(({ step }) => step);
      check(lost.length === 0, `Steps of the order that were not seen live: ${lost.join(', ')}.`);
      check(stockEvents > 0, 'The change of the stock was not seen live.');
      return `${steps.length} steps and ${stockEvents} changes of the stock seen`;
    },
    close: () => live.close(),
  };
}
