import { systemClock } from '@aisle/platform/clock';
import { type Caller, type Region, service } from '@aisle/platform/identity';
import { type Component, startComponent } from '../../../test/testkit/index.ts';
import { inventory } from '../index.ts';
import type { Ports } from '../store/index.ts';
import { openPorts } from '../store/open.ts';
import { seed } from '../store/seed.ts';

export interface Harness extends Component<Ports> {
  /** Moves the clock by which holds run out, milliseconds. */
  advance(ms: number): void;
  /** Books a start stock of one SKU in the first warehouse of the region, and opens it for sale. */
  stock(sku: string, units: number, warehouseId?: string): Promise<void>;
}

export const orders: Caller = service('orders');
export const SELLER = 'sel_0000green';
export const WAREHOUSES = { us: 'whs_us_east0', us2: 'whs_us_west0', eu: 'whs_eu_lyon0' };
const person = (subject: string, roles: Caller['roles'], sellerId?: string): Caller => ({
  kind: 'user',
  subject,
  roles,
  region: 'us',
  ...(sellerId && { sellerId }),
});
export const shopper = person('usr_us_shopper0', ['customer']);
export const staff = person('usr_us_staff00', ['customer', 'staff']);
export const seller = person('usr_us_seller0', ['customer', 'seller'], SELLER);
export const otherSeller = person('usr_us_seller1', ['customer', 'seller'], 'sel_0000other');

/** The inventory context on real stores of its own, called as the router and the other contexts call it. */
export async function startInventory(
  options: { background?: boolean; env?: Record<string, string>; on?: Harness } = {},
): Promise<Harness> {
  let offset = 0;
  const definition = {
    ...inventory,
    open: (platform: Parameters<typeof openPorts>[0], config: Parameters<typeof openPorts>[1]) =>
      openPorts(platform, config, () => offset),
    ...(options.background === false && { background: () => [] }),
  };
  const { env = {}, on } = options;
  const component = await startComponent(definition, {
    env,
    clock: systemClock,
    ...(on && { stores: on.stores }),
  });
  const { subgraph, run } = component;
  await seed(subgraph.platform, {
    warehouses: [
      { id: WAREHOUSES.us, name: 'East', city: 'Newark' },
      { id: WAREHOUSES.us2, name: 'West', city: 'Reno' },
      { id: WAREHOUSES.eu, name: 'Lyon', city: 'Lyon' },
    ],
  });
  return {
    ...component,
    advance(ms) {
      offset += ms;
    },
    async stock(sku, units, warehouseId = WAREHOUSES.us) {
      await subgraph.ports.owners.learn([{ sku, sellerId: SELLER, productId: 'prd_0000', version: 1 }]);
      const input = {
        idempotencyKey: `stock-${sku}-${warehouseId}-${units}`,
        sku,
        warehouseId,
        onHand: units,
      };
      const { data, errors } = await run(SET, { input }, staff);
      if (errors || data.setStock.errors.length > 0)
        throw new Error(JSON.stringify(errors ?? data.setStock.errors));
    },
  };
}

const STOCK =
  'sku region available onHand held sold live warehouses { warehouse { id name } onHand held sold available }';
const ERRORS = 'errors { __typename code message path ... on InsufficientStock { sku available } }';
export const SET = `mutation ($input: SetStockInput!) { setStock(input: $input) { stock { ${STOCK} } ${ERRORS} } }`;
export const ADJUST = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { stock { ${STOCK} } ${ERRORS} } }`;
export const RESERVE = `mutation ($input: ReserveStockInput!) { reserveStock(input: $input) { reservation { orderId expiresAt lines { sku warehouseId quantity } } ${ERRORS} } }`;
export const CONFIRM = `mutation ($input: ConfirmStockInput!) { confirmStock(input: $input) { confirmed ${ERRORS} } }`;
export const RELEASE = `mutation ($input: ReleaseStockInput!) { releaseStock(input: $input) { released ${ERRORS} } }`;
export const RESTOCK = `mutation ($input: RestockInput!) { restock(input: $input) { restocked ${ERRORS} } }`;
export const READ = `query ($refs: [_Any!]!, $region: Region) { _entities(representations: $refs) { ... on ProductVariant { sku stock(region: $region) { ${STOCK} } } } }`;

/** The counters of a SKU, as a shopper sees them. */
export async function stockOf(harness: Harness, sku: string, region: Region = 'us') {
  const answer = await harness.run(READ, {
    refs: [{ __typename: 'ProductVariant', sku }],
    region: region.toUpperCase(),
  });
  const { available, onHand, held, sold, live } = answer.data._entities[0].stock;
  return { available, onHand, held, sold, live };
}

const codes = (payload: { errors: { code: string }[] }) => payload.errors.map(({ code }) => code);

export async function reserve(
  harness: Harness,
  orderId: string,
  lines: { sku: string; quantity: number }[],
  ttlSeconds = 600,
) {
  const { data, errors } = await harness.run(
    RESERVE,
    { input: { orderId, region: 'US', ttlSeconds, lines } },
    orders,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return {
    reservation: data.reserveStock.reservation,
    codes: codes(data.reserveStock),
    errors: data.reserveStock.errors,
  };
}

export async function confirm(
  harness: Harness,
  orderId: string,
  lines?: { sku: string; quantity: number }[],
) {
  const { data, errors } = await harness.run(
    CONFIRM,
    { input: { orderId, region: 'US', ...(lines && { lines }) } },
    orders,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return { confirmed: data.confirmStock.confirmed as boolean, codes: codes(data.confirmStock) };
}

export async function release(harness: Harness, orderId: string): Promise<boolean> {
  const { data, errors } = await harness.run(RELEASE, { input: { orderId, region: 'US' } }, orders);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.releaseStock.released;
}

export async function restock(
  harness: Harness,
  orderId: string,
  lines: { sku: string; quantity: number }[],
  reason: string,
) {
  const { data, errors } = await harness.run(
    RESTOCK,
    { input: { orderId, region: 'US', lines, reason } },
    orders,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return { restocked: data.restock.restocked as boolean, codes: codes(data.restock) };
}
