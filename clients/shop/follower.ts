import type { Journal } from './journal.ts';
import { openLive } from './live.ts';
import type { Region } from './options.ts';
import { check } from './promises.ts';
import type { Shopper } from './shopper.ts';
import type { Order, OrderProgress, StockChange } from './types.ts';

/** How long an event may take to arrive after the fact, milliseconds. */
const LATEST_MS = 10_000;

export interface Follower {
  /** Steps in the order they came. */
  readonly steps: readonly string[];
  stockEvents(): number;
  /** Follows the stock of a variant from now on. */
  watch(sku: string, region: Region): void;
  /** Resolves when the server has gone through what was asked of it so far. */
  settled(): Promise<void>;
  /** Waits until each step of the order and a change of the stock have come. @throws BrokenPromise */
  sawAll(order: Order): Promise<string>;
  close(): Promise<void>;
}

/** Follows all orders of a shopper, and the stock of what they want, over one WebSocket. */
export function follow(url: string, shopper: Shopper, journal: Journal): Follower {
  let failure: Error | undefined;
  const steps: string[] = [];
  const cursors = new Set<string>();
  let stockEvents = 0;
  const live = openLive(url, shopper.token, (error) => {
    failure ??= error;
    journal.live('connection', error.message);
  });
  const onStep =
    (note: string) =>
    ({ cursor, step, status, detail }: OrderProgress) => {
      if (cursors.has(cursor)) return;
      cursors.add(cursor);
      steps.push(step);
      journal.live('orderProgress', [step, status, detail, note].filter(Boolean).join(' · '));
    };
  live.subscribe<OrderProgress>('order-progress', {}, onStep(''));

  return {
    steps,
    stockEvents: () => stockEvents,
    watch(sku, region) {
      live.subscribe<StockChange>('stock-changed', { skus: [sku], region }, ({ kind, variant, stock }) => {
        stockEvents++;
        const { available, held, sold } = stock;
        journal.live(
          'stockChanged',
          `${variant.title}: ${kind}, ${available} left (${held} held, ${sold} sold)`,
        );
      });
    },
    settled: () => live.settled(),
    async sawAll(order) {
      const deadline = Date.now() + LATEST_MS;
      const missing = () => order.progress.filter(({ cursor }) => !cursors.has(cursor));
      // A server that is still warming up may take the order before it takes the subscription, and no protocol tells when
      // one is there. What was missed is told by the order's own subscription, which begins with the first step.
      if (missing().length > 0)
        live.subscribe<OrderProgress>('order-progress-of', { orderId: order.id }, onStep('told afterwards'));
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
