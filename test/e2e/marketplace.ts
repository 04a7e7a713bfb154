import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, openApi } from '../../clients/shop/api.ts';
import { type Options, readOptions } from '../../clients/shop/options.ts';
import { putOnShelf, type Shelf } from '../../clients/shop/shelf.ts';
import { addAddress, addToCart, type Purchase, register, type Shopper } from '../../clients/shop/shopper.ts';
import { command, type Running } from '../../local/test/running.ts';

export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  data?: any;
  errors?: readonly { message: string; extensions?: { code?: string } }[];
};

/** A whole marketplace of its own, as `npm start` makes it, and the public API to it. */
export interface Marketplace {
  readonly url: string;
  readonly home: string;
  readonly api: Api;
  readonly running: Running;
  /** Sends any body; nothing is checked. */
  ask(query: string, variables?: Record<string, unknown>, token?: string): Promise<Answer>;
  /** The demo seller's options for `putOnShelf`. */
  shelf(stock: number): Promise<Shelf>;
  /** Runs another command of package.json on the same home and gives its exit code and output. */
  run(script: string, ...args: string[]): Promise<{ code: number | string; output: string }>;
  stop(): Promise<void>;
}

export async function startMarketplace(env: NodeJS.ProcessEnv = {}): Promise<Marketplace> {
  const home = await mkdtemp(join(tmpdir(), 'aisle-e2e-'));
  const running = command('start', [], { home, env });
  const stop = async () => {
    running.child.kill('SIGTERM');
    await running.ended;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const url = await running.ready(180_000);
    const api = openApi({ url, connections: 64, timeoutMs: 60_000 });
    const options = (stock: number): Options => readOptions(['--url', url, '--stock', String(stock)], {});
    return {
      url,
      home,
      api,
      running,
      async ask(query, variables = {}, token) {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          body: JSON.stringify({ query, variables }),
          signal: AbortSignal.timeout(30_000),
        });
        return { status: response.status, ...((await response.json()) as object) };
      },
      shelf: (stock) => putOnShelf(api, options(stock)),
      async run(script, ...args) {
        const child = command(script, args, { home, env: { ...env, AISLE_URL: url } });
        return { code: await child.ended, output: child.output() };
      },
      async stop() {
        await api.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface Buyer extends Shopper {
  readonly addressId: string;
}

/** A fresh account in the EU with an address. */
export async function newBuyer({ api }: Marketplace, name = 'Test Buyer'): Promise<Buyer> {
  const shopper = await register(api, 'EU', name);
  return { ...shopper, addressId: await addAddress(api, shopper, 'EU', name) };
}

/** One unit of a SKU in the buyer's cart, ready to be ordered. */
export async function fillCart(
  { api }: Marketplace,
  buyer: Buyer,
  sku: string,
  quantity = 1,
): Promise<Purchase> {
  const cart = await addToCart(api, buyer, sku, quantity);
  return {
    idempotencyKey: randomUUID(),
    cartId: cart.id,
    quoteId: cart.quote!.id,
    paymentMethod: 'pm_card_visa',
    addressId: buyer.addressId,
  };
}
