import { type Caller, service } from '@aisle/platform/identity';
import { CommandError, type Commands } from '@aisle/platform/service';
import { type Answer, type Component, startComponent } from '../../../test/testkit/index.ts';
import { cart } from '../index.ts';
import type { Ports } from '../store/index.ts';

/** The other contexts as the cart sees them. */
export interface World {
  readonly withdrawn: Set<string>;
  readonly stock: Map<string, number>;
  readonly unpriced: Set<string>;
  /** Changes with every price change: quotes are new then. */
  priceState: number;
  readonly down: Set<string>;
  readonly sent: { to: string; name: string }[];
}

export interface Harness extends Component<Ports> {
  readonly world: World;
}

export const user = (n: number, region: Caller['region'] = 'eu'): Caller => ({
  kind: 'user',
  subject: `usr_${region}_shopper${n}`,
  roles: ['customer'],
  region,
});
export const guest = (n: number, region: Caller['region'] = 'eu'): Caller => ({
  kind: 'guest',
  subject: `gst_${region}_guest${n}`,
  roles: ['guest'],
  region,
});
export const orders: Caller = service('orders');

function worldCommands(world: World): Commands {
  const answers: Record<string, (variables: Record<string, unknown>) => unknown> = {
    catalogue: ({ skus }) => ({
      variantSnapshots: (skus as string[])
        .filter((sku) => !sku.includes('unknown'))
        .map((sku) => ({ sku, withdrawn: world.withdrawn.has(sku) })),
    }),
    inventory: ({ input }) => {
      const { lines } = input as { lines: { sku: string; quantity: number }[] };
      const left = (sku: string) => world.stock.get(sku) ?? 1_000;
      return {
        checkStock: lines
          .filter(({ sku, quantity }) => left(sku) < quantity)
          .map(({ sku }) => ({ sku, available: left(sku) })),
      };
    },
    pricing: ({ input }) => {
      const { subject, version, lines } = input as {
        subject: string;
        version: number;
        lines: { sku: string }[];
      };
      const missing = lines.find(({ sku }) => world.unpriced.has(sku));
      if (missing)
        return {
          createQuote: {
            quote: null,
            errors: [{ __typename: 'MissingPrice', code: 'MISSING_PRICE', sku: missing.sku }],
          },
        };
      return {
        createQuote: { quote: { id: `quo_${subject.slice(4)}${version}${world.priceState}` }, errors: [] },
      };
    },
  };
  return {
    send: (document, variables, { to }) => {
      const [operation] = document.definitions;
      world.sent.push({ to, name: operation && 'name' in operation ? (operation.name?.value ?? '') : '' });
      if (world.down.has(to)) return Promise.reject(new CommandError(to, 'unreachable', `${to} is down`));
      return Promise.resolve(answers[to]!(variables) as never);
    },
  };
}

/** The cart context on real stores of its own, called as the router and orders call it; the other contexts are a `World`. */
export async function startCart(on?: Harness): Promise<Harness> {
  const world: World = {
    withdrawn: new Set(),
    stock: new Map(),
    unpriced: new Set(),
    priceState: 1,
    down: new Set(),
    sent: [],
  };
  const component = await startComponent(cart, {
    commands: worldCommands(world),
    ...(on && { stores: on.stores }),
  });
  return { ...component, world };
}

export const CART =
  'id region version itemCount mergeKey checkingOut quote { id } lines { sku quantity variant { sku } }';
const ERRORS = `errors { __typename code message path ... on VersionConflict { expected actual } ... on InsufficientStock { sku available }
  ... on ProductWithdrawn { sku } ... on NotSoldHere { sku } }`;
const mutation = (field: string, type: string) =>
  `mutation ($input: ${type}) { ${field}(input: $input) { cart { ${CART} } ${ERRORS} } }`;
export const GET = `{ cart { ${CART} } }`;
export const ADD = mutation('addToCart', 'AddToCartInput!');
export const SET = mutation('setCartQuantity', 'SetCartQuantityInput!');
export const REMOVE = mutation('removeFromCart', 'RemoveFromCartInput!');
export const CLEAR = mutation('clearCart', 'ClearCartInput');
export const MERGE = mutation('mergeCart', 'MergeCartInput!');
export const FREEZE = `mutation ($input: FreezeCartInput!) { freezeCart(input: $input) { cart { id version lines { sku quantity } } ${ERRORS} } }`;
export const RELEASE = 'mutation ($input: ReleaseCartInput!) { releaseCart(input: $input) { released } }';
export const COMPLETE = 'mutation ($input: CompleteCartInput!) { completeCart(input: $input) { completed } }';

/** Sends a mutation and gives its payload, with the codes of its errors. @throws what was thrown */
export async function change(
  harness: Harness,
  document: string,
  input: Record<string, unknown> | null,
  caller: Caller,
) {
  const { data, errors } = await harness.run(document, { input }, caller);
  if (errors) throw new Error(errors[0].extensions?.code ?? errors[0].message);
  const [payload] = Object.values(data) as [
    { cart: Answer['data']; errors?: { code: string; expected?: number; actual?: number }[] },
  ];
  return { ...payload, codes: (payload.errors ?? []).map(({ code }) => code) };
}
