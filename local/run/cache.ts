import type { AisleEvent, Bus } from '@aisle/platform/bus';
import type { CacheSettings } from '../../router/cache/index.ts';
import type { RunningRouter } from '../../router/server/index.ts';

/** Every order changes stock, which is not kept for longer than 2 s in any case: its events may come in batches. */
const GATHER_MS = 250;

/** The router's queue. */
export const CACHE_CONSUMER = 'router';

/** How long is said in the subgraphs' SDL; here is what else is particular to Aisle. */
export const CACHE: CacheSettings = {
  // An old description is better than none; an old price or stock is not.
  subgraphs: { catalogue: { staleWhileRevalidate: 30, staleIfError: 3_600 } },
  // Who changes something sees it changed at once; everybody else does when the event has come.
  mutations: {
    upsertProduct: ['products', 'product-{$args.input.id}'],
    withdrawProduct: ['products', 'product-{$args.input.id}'],
    reinstateProduct: ['products', 'product-{$args.input.id}'],
    setPrice: ['price-{$args.input.sku}'],
    setStock: ['stock-{$args.input.sku}'],
    adjustStock: ['stock-{$args.input.sku}'],
    updateSeller: ['seller-{$args.input.sellerId}'],
    approveSeller: ['seller-{$args.input.sellerId}'],
    suspendSeller: ['seller-{$args.input.sellerId}'],
  },
};

interface ProductEvent {
  readonly productId: string;
  readonly skus: readonly string[];
  readonly sellerId?: string;
}
interface SkuEvent {
  readonly sku: string;
}
interface SellerEvent {
  readonly sellerId: string;
}

const ofProduct = ({ productId, skus, sellerId }: ProductEvent) => [
  'products',
  `product-${productId}`,
  ...skus.map((sku) => `variant-${sku}`),
  ...(sellerId === undefined ? [] : [`seller-products-${sellerId}`]),
];
const ofSeller = ({ sellerId }: SellerEvent) => [`seller-${sellerId}`];

/** The tags (`@cacheTag` of the subgraphs' SDL) that an event outdates, by its type. */
export const CACHE_EVENTS = {
  'ProductChanged.v1': ofProduct,
  'ProductWithdrawn.v1': ofProduct,
  'PriceChanged.v1': ({ sku }: SkuEvent) => [`price-${sku}`],
  'StockUpdated.v1': ({ sku }: SkuEvent) => [`stock-${sku}`],
  'SellerApproved.v1': ofSeller,
  'SellerSuspended.v1': ofSeller,
} as const;

/** The tags of an event; none for one that outdates nothing. */
export function tagsOf({ type, data }: AisleEvent): string[] {
  return Object.hasOwn(CACHE_EVENTS, type)
    ? CACHE_EVENTS[type as keyof typeof CACHE_EVENTS](data as ProductEvent & SkuEvent & SellerEvent)
    : [];
}

/** Tells the router what has changed. An event that comes twice does no harm; one the cache does not take comes again. */
export function invalidateByEvents(bus: Bus, router: RunningRouter): { stop(): Promise<void> } {
  const outdate = async (event: AisleEvent): Promise<void> => {
    const tags = tagsOf(event);
    if (tags.length > 0) await router.invalidate([{ kind: 'tags', tags }], event.type);
  };
  return bus.consume(CACHE_CONSUMER, outdate, { gather: GATHER_MS });
}
