import { randomUUID } from 'node:crypto';
import { type Api, granted } from './api.ts';
import type { Region } from './options.ts';
import { BrokenPromise, ShopError } from './shop-error.ts';
import type { Cart, Order, OrderStatus, Payload, PlacedOrder, Product, UserError, Variant } from './types.ts';

/** Where shoppers of a region have their groceries sent. */
const ADDRESSES: Record<Region, Record<string, string>> = {
  US: {
    line1: '350 Fifth Avenue',
    city: 'New York',
    state: 'NY',
    postcode: '10118',
    country: 'US',
    phone: '+1 212 555 0100',
  },
  EU: {
    line1: 'Karl-Marx-Allee 1',
    city: 'Berlin',
    postcode: '10178',
    country: 'DE',
    phone: '+49 30 1234567',
  },
  GB: {
    line1: '10 Downing Street',
    city: 'London',
    postcode: 'SW1A 2AA',
    country: 'GB',
    phone: '+44 20 7946 0000',
  },
  IN: {
    line1: '12 MG Road',
    city: 'Bengaluru',
    state: 'Karnataka',
    postcode: '560001',
    country: 'IN',
    phone: '+91 80 5550 1234',
  },
  BR: {
    line1: 'Avenida Paulista 1000',
    city: 'São Paulo',
    state: 'SP',
    postcode: '01310-100',
    country: 'BR',
    phone: '+55 11 5550 1234',
  },
};

export interface Shopper {
  readonly id: string;
  readonly token: string;
  readonly email: string;
}

/** A new account; the e-mail is nobody's (example.com, RFC 2606). */
export async function register(api: Api, region: Region, name: string): Promise<Shopper> {
  const email = `shopper-${randomUUID()}@example.com`;
  const input = { email, password: randomUUID(), name, region };
  type Answer = { register: Payload<'user', { id: string }> & { tokens: { accessToken: string } | null } };
  const { register: answer } = await api.send<Answer>('register', { input });
  const { id } = granted('register', answer.user, answer.errors);
  return { id, token: answer.tokens!.accessToken, email };
}

export async function addAddress(
  api: Api,
  { token }: Shopper,
  region: Region,
  name: string,
): Promise<string> {
  const input = { name, ...ADDRESSES[region] };
  const { addAddress: answer } = await api.send<{ addAddress: Payload<'address', { id: string }> }>(
    'add-address',
    { input },
    token,
  );
  return granted('addAddress', answer.address, answer.errors).id;
}

/** Pages looked at before giving up. */
const MAX_PAGES = 10;

/** Leafs through the shop until something can be bought: it has a price here, and `quantity` units of it. */
export async function browse(
  api: Api,
  { token }: Shopper,
  region: Region,
  quantity: number,
): Promise<{ product: Product; variant: Variant; seen: number }> {
  type Answer = {
    products: { nodes: Product[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  };
  let seen = 0;
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { products }: Answer = await api.send<Answer>('browse', { first: 24, after, region }, token);
    seen += products.nodes.length;
    const buyable = products.nodes.flatMap((product) =>
      product.variants
        .filter(({ price, stock }) => price && (stock?.available ?? 0) >= quantity)
        .map((variant) => ({ product, variant })),
    );
    const choice = buyable[Math.floor(Math.random() * buyable.length)];
    if (choice) return { ...choice, seen };
    if (!products.pageInfo.hasNextPage) break;
    after = products.pageInfo.endCursor;
  }
  throw new ShopError(
    `None of the first ${seen} products can be bought in ${region}: has the shop been seeded?`,
  );
}

export async function addToCart(api: Api, { token }: Shopper, sku: string, quantity: number): Promise<Cart> {
  const input = { sku, quantity };
  const { addToCart: answer } = await api.send<{ addToCart: Payload<'cart', Cart> }>(
    'add-to-cart',
    { input },
    token,
  );
  return granted('addToCart', answer.cart, answer.errors);
}

export interface Purchase {
  readonly idempotencyKey: string;
  readonly cartId: string;
  readonly quoteId: string;
  readonly paymentMethod: string;
  readonly addressId: string;
}

export interface Placed {
  readonly order: PlacedOrder | null;
  readonly errors: readonly UserError[];
}

export async function placeOrder(api: Api, { token }: Shopper, input: Purchase): Promise<Placed> {
  return (await api.send<{ placeOrder: Placed }>('place-order', { input }, token)).placeOrder;
}

const FINAL: readonly OrderStatus[] = ['CONFIRMED', 'CANCELLED', 'COMPLETED'];

/** Looks at the order until it is bought or taken back. @throws BrokenPromise when that takes longer than `withinMs`. */
export async function finalOrder(
  api: Api,
  { token }: Shopper,
  id: string,
  withinMs = 90_000,
): Promise<Order> {
  const deadline = Date.now() + withinMs;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    const { order } = await api.send<{ order: Order | null }>('order', { id }, token);
    if (!order) throw new BrokenPromise(`The order ${id} does not exist for its buyer.`);
    if (FINAL.includes(order.status)) return order;
    if (Date.now() > deadline)
      throw new BrokenPromise(`The order ${id} is still ${order.status} after ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
