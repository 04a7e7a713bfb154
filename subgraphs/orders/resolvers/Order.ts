import type { OrderResolvers } from '../generated/schema.ts';
import { mayRead } from './access.ts';
import { loadOrder, loadSteps } from './loaders.ts';
import { partsOf } from './seller-parts.ts';

export const Order: OrderResolvers = {
  // By whatever way an order is reached, it is its buyer's and the staff's only.
  async __resolveReference({ id }, scope) {
    const order = await loadOrder(scope, id);
    return order && mayRead(scope.caller, order) ? order : null;
  },
  id: ({ content }) => content.id,
  status: ({ state }) => state.status,
  region: ({ content }) => content.region,
  buyer: ({ content }) => ({ id: content.userId }),
  lines: ({ content }) => content.lines.map((line) => ({ ...line, currency: content.currency })),
  sellerOrders: (order) => partsOf(order),
  net: ({ content: { currency, net: minor } }) => ({ currency, minor }),
  tax: ({ content: { currency, tax: minor } }) => ({ currency, minor }),
  delivery: ({ content: { currency, delivery: minor } }) => ({ currency, minor }),
  discount: ({ content: { currency, discount: minor } }) => ({ currency, minor }),
  total: ({ content: { currency, total: minor } }) => ({ currency, minor }),
  fee: ({ content: { currency, fee: minor } }) => ({ currency, minor }),
  address: ({ content }) => content.address,
  failure: ({ state }) => ('cause' in state && state.cause.kind === 'refused' ? state.cause.refusal : null),
  cancelReason: ({ state }) =>
    'cause' in state && state.cause.kind === 'cancelled' ? state.cause.reason : null,
  progress: ({ content }, _, scope) => loadSteps(scope, content.region, content.id),
  placedAt: ({ content }) => new Date(content.placedAt).toISOString(),
  updatedAt: ({ updatedAt }) => new Date(updatedAt).toISOString(),
  version: ({ version }) => version,
};
