import { seed as seedCatalogue } from '@aisle/catalogue/seed';
import type { SeedUser } from '@aisle/identity/seed';
import { seed as seedIdentity } from '@aisle/identity/seed';
import { seed as seedInventory } from '@aisle/inventory/seed';
import { seed as seedOrders } from '@aisle/orders/seed';
import { seed as seedPayments } from '@aisle/payments/seed';
import { REGIONS } from '@aisle/platform/identity';
import type { Platform } from '@aisle/platform/service';
import { seed as seedPricing } from '@aisle/pricing/seed';
import { seed as seedSellers } from '@aisle/sellers/seed';
import { batchesOf, openShop } from './goods/shop.ts';
import { historyOf, type PastOrder, type PastVariant } from './history/orders.ts';
import { DEMO_PASSWORD, makeCustomer, makeDemoAccounts, makeOwner } from './people/customers.ts';

export interface SeedOptions {
  /** @default 2 000 */
  readonly products?: number;
  /** @default 500 */
  readonly customers?: number;
  /** A line of progress. */
  readonly log?: (line: string) => void;
  /** Called between the parts; what it throws ends the seeding, which the next one goes on with. */
  readonly goOn?: () => void;
}

export interface Seeded {
  readonly products: number;
  readonly variants: number;
  readonly customers: number;
  readonly orders: number;
}

/** The moment the demo marketplace opened: all its times are counted from here, so that every run makes the same. */
export const OPENED = Date.UTC(2025, 5, 1);
const HISTORY_FROM = Date.UTC(2026, 5, 1);
const HISTORY_UNTIL = Date.UTC(2026, 9, 31);

const BATCH = 1_000;
/** Products that the order history is made of: more would only make the memory grow with `--products`. */
const BOUGHT = 2_000;

/** Fills the stores of every context. What is there already stays, so it can be repeated, widened, and resumed. */
export async function seedAll(
  platformFor: (name: string) => Platform,
  options: SeedOptions = {},
): Promise<Seeded> {
  const { products = 2_000, customers = 500, log = () => {}, goOn = () => {} } = options;
  const shop = openShop(OPENED);
  const { categories, brands, sellers, warehouses } = shop;
  log(`seed "${OPENED}": ${products} products, ${customers} customers, ${sellers.length} sellers`);

  const people = Array.from({ length: customers }, (_, i) => makeCustomer(i, OPENED));
  const demo = makeDemoAccounts(OPENED);
  const accounts: SeedUser[] = [...demo, ...sellers.map(makeOwner), ...people];
  const everyWarehouse = REGIONS.flatMap((region) => warehouses[region]);
  const brandRows = [...brands.values()].map(({ palette: _, ...brand }) => brand);
  await Promise.all([
    seedIdentity(platformFor('identity'), accounts),
    seedSellers(platformFor('sellers'), sellers),
    seedCatalogue(platformFor('catalogue'), { categories, brands: brandRows, products: [] }),
    seedInventory(platformFor('inventory'), { warehouses: everyWarehouse }),
  ]);
  log(`${accounts.length} accounts, ${categories.length} categories, ${brandRows.length} brands`);

  let done = 0;
  let variants = 0;
  const byLeaf = new Map<string, PastVariant[]>();
  for (const batch of batchesOf(shop, products, BATCH)) {
    goOn();
    await Promise.all([
      seedCatalogue(platformFor('catalogue'), { categories: [], brands: [], products: [batch.products] }),
      seedPricing(platformFor('pricing'), { prices: batch.prices, owners: batch.owners }),
      seedInventory(platformFor('inventory'), { owners: batch.owners, levels: batch.levels }),
    ]);
    if (done < BOUGHT) {
      for (const { slug, variant } of batch.past) byLeaf.set(slug, [...(byLeaf.get(slug) ?? []), variant]);
    }
    done += batch.products.length;
    variants += batch.owners.length;
    log(`${done} of ${products} products, ${variants} variants with prices and stock in five regions`);
  }

  goOn();
  const past = {
    byLeaf,
    warehouses,
    from: HISTORY_FROM,
    until: HISTORY_UNTIL,
    name: String(Math.min(products, BOUGHT)),
    feeBps: new Map(sellers.map(({ id, feeBps }) => [id, feeBps])),
  };
  // The demo customers bought things too: who signs in as one sees an account that is in use.
  const buyers = [...demo.filter(({ roles }) => roles.every((role) => role === 'customer')), ...people];
  const history: PastOrder[] =
    products < shop.leaves.length ? [] : buyers.flatMap((customer) => historyOf(customer, past));
  await Promise.all([
    seedOrders(
      platformFor('orders'),
      history.map(({ order }) => order),
    ),
    seedPayments(
      platformFor('payments'),
      history.map(({ payment }) => payment),
    ),
    seedInventory(platformFor('inventory'), { sales: history.flatMap(({ sales }) => sales) }),
  ]);
  log(`${history.length} past orders with their payments and sales`);
  return { products: done, variants, customers, orders: history.length };
}

/** Who to sign in as, for people: one account per role, and a customer in each region. */
export function demoLogins(): string[] {
  const emails = [...makeDemoAccounts(OPENED).map(({ email }) => email), 'seller@aisle.example'];
  const [customers, others] = [
    emails.filter((email) => email.startsWith('customer')),
    emails.filter((email) => !email.startsWith('customer')),
  ];
  return [
    `customers  ${customers.join('  ')}`,
    `others     ${others.join('  ')}`,
    `password   ${DEMO_PASSWORD} (of every seeded account)`,
  ];
}
