import { randomUUID } from 'node:crypto';
import { type Api, granted } from './api.ts';
import type { Options, Region } from './options.ts';
import { ShopError } from './shop-error.ts';
import type { Payload, UserError } from './types.ts';

const CURRENCIES: Record<Region, string> = { US: 'USD', EU: 'EUR', GB: 'GBP', IN: 'INR', BR: 'BRL' };

export interface Shelf {
  readonly sku: string;
  readonly title: string;
}

/** How long pricing and inventory may take to hear of a new product, milliseconds. */
const HEARD_MS = 20_000;

/** Puts a brand-new product with a price and `stock` units on the shelf, as the demo seller does through the API. */
export async function putOnShelf(api: Api, { region, stock, seller }: Options): Promise<Shelf> {
  const token = await signIn(api, seller);
  const { category, warehouseId } = await whereItGoes(api, region, token);
  const input = {
    title: `Crowd Test Apples ${randomUUID().slice(0, 8)}`,
    description: 'Apples that everybody wants at once. Put on the shelf by the shop client.',
    category,
    variants: [{ size: { amount: 1, unit: 'KILOGRAM' } }],
    attributes: { storage: 'AMBIENT' },
  };
  type Product = { title: string; variants: { sku: string }[] };
  const { upsertProduct } = await api.send<{ upsertProduct: Payload<'product', Product> }>(
    'new-product',
    { input },
    token,
  );
  const { title, variants } = granted('upsertProduct', upsertProduct.product, upsertProduct.errors);
  const { sku } = variants[0]!;

  const amount = { currency: CURRENCIES[region], minor: 349 };
  const price = { idempotencyKey: randomUUID(), sku, region, amount, taxClass: 'REDUCED' };
  await whenHeard('setPrice', () =>
    api
      .send<{ setPrice: { errors: UserError[] } }>('set-price', { input: price }, token)
      .then((data) => data.setPrice),
  );
  const count = { idempotencyKey: randomUUID(), sku, warehouseId, onHand: stock };
  await whenHeard('setStock', () =>
    api
      .send<{ setStock: { errors: UserError[] } }>('set-stock', { input: count }, token)
      .then((data) => data.setStock),
  );
  return { sku, title };
}

async function signIn(api: Api, input: Options['seller']): Promise<string> {
  type Answer = {
    login: Payload<'user', { sellerId: string | null }> & { tokens: { accessToken: string } | null };
  };
  const { login } = await api.send<Answer>('login', { input });
  const { sellerId } = granted(`Signing in as ${input.email}`, login.user, login.errors);
  if (!sellerId) throw new ShopError(`${input.email} is not a seller.`);
  return login.tokens!.accessToken;
}

async function whereItGoes(
  api: Api,
  region: Region,
  token: string,
): Promise<{ category: string; warehouseId: string }> {
  type Category = { children: { children: { id: string }[] }[] };
  type Answer = { categories: Category[]; warehouses: { id: string }[] };
  const { categories, warehouses } = await api.send<Answer>('shelves', { region }, token);
  const category = categories.flatMap(({ children }) => children.flatMap((child) => child.children))[0];
  const warehouse = warehouses[0];
  if (!category || !warehouse)
    throw new ShopError(`${region} has no categories or no warehouse: has the shop been seeded?`);
  return { category: category.id, warehouseId: warehouse.id };
}

/** The catalogue tells other contexts of a new product by event: until it has arrived they know no such SKU. */
async function whenHeard(what: string, send: () => Promise<{ errors: readonly UserError[] }>): Promise<void> {
  const deadline = Date.now() + HEARD_MS;
  for (;;) {
    const { errors } = await send();
    if (errors.length === 0) return;
    const unheard = errors.every(({ code }) => code === 'NOT_FOUND' || code === 'NOT_ALLOWED');
    if (!unheard || Date.now() > deadline) granted(what, undefined, errors);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
