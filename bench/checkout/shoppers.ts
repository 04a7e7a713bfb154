import { randomUUID } from 'node:crypto';
import type { Api } from '../../clients/shop/api.ts';
import { atOnce } from '../../clients/shop/at-once.ts';
import { addAddress, addToCart, placeOrder, register, type Shopper } from '../../clients/shop/shopper.ts';

export interface BenchShopper {
  readonly shopper: Shopper;
  readonly addressId: string;
}

export interface Round {
  readonly shoppers: number;
  readonly seconds: number;
  readonly completed: number;
  readonly failed: number;
  /** How often each refusal code or error was seen. */
  readonly problems: Readonly<Record<string, number>>;
  /** Milliseconds of `placeOrder`, sorted. */
  readonly placing: readonly number[];
  /** Milliseconds from adding to the cart to the confirmed order, sorted. */
  readonly whole: readonly number[];
}

const SIGN_UPS_AT_ONCE = 4;

/** Accounts with an address, made through the public API. */
export function signUp(api: Api, count: number): Promise<BenchShopper[]> {
  const names = Array.from({ length: count }, (_, i) => `Bench ${i + 1}`);
  return atOnce(names, SIGN_UPS_AT_ONCE, async (name) => {
    const shopper = await register(api, 'EU', name);
    return { shopper, addressId: await addAddress(api, shopper, 'EU', name) };
  });
}

/** Each shopper buys one order after the other until the time is up. Every order is followed to its end. */
export async function shopFor(
  api: Api,
  shoppers: readonly BenchShopper[],
  skus: readonly string[],
  milliseconds: number,
): Promise<Round> {
  const placing: number[] = [];
  const whole: number[] = [];
  const problems: Record<string, number> = {};
  let completed = 0;
  let failed = 0;
  const started = performance.now();
  const until = started + milliseconds;

  const buyOnce = async ({ shopper, addressId }: BenchShopper, turn: number): Promise<void> => {
    const began = performance.now();
    const { id: cartId, quote } = await addToCart(api, shopper, skus[turn % skus.length]!, 1);
    const input = {
      idempotencyKey: randomUUID(),
      cartId,
      quoteId: quote!.id,
      paymentMethod: 'pm_card_visa',
      addressId,
    };
    const pressed = performance.now();
    const { order, errors } = await placeOrder(api, shopper, input);
    const now = performance.now();
    if (order?.status === 'CONFIRMED') {
      completed++;
      placing.push(now - pressed);
      whole.push(now - began);
      return;
    }
    failed++;
    const problem = errors[0]?.code ?? order?.status ?? 'nothing';
    problems[problem] = (problems[problem] ?? 0) + 1;
  };
  const shop = async (shopper: BenchShopper, index: number) => {
    for (let turn = index * 7; performance.now() < until; turn++) {
      await buyOnce(shopper, turn).catch((error: Error) => {
        failed++;
        problems[error.message.slice(0, 120)] = (problems[error.message.slice(0, 120)] ?? 0) + 1;
      });
    }
  };
  await Promise.all(shoppers.map(shop));
  const seconds = (performance.now() - started) / 1_000;
  const sort = (values: number[]) => values.sort((a, b) => a - b);
  return {
    shoppers: shoppers.length,
    seconds,
    completed,
    failed,
    problems,
    placing: sort(placing),
    whole: sort(whole),
  };
}
