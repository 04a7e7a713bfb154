import type { SellerOrderResolvers } from '../generated/schema.ts';
import { mayReadPart } from './access.ts';
import { loadOrder } from './loaders.ts';
import type { SellerOrder as Part } from './models.ts';
import { partId, partsOf, readPartId } from './seller-parts.ts';

const money = (part: Part, minor: number) => ({ currency: part.order.content.currency, minor });

export const SellerOrder: SellerOrderResolvers = {
  async __resolveReference({ id }, scope) {
    const named = readPartId(id);
    const order = named && (await loadOrder(scope, named.orderId));
    const part = order && partsOf(order)[named.position];
    return part && mayReadPart(scope.caller, order, part.sellerId) ? part : null;
  },
  id: (part) => partId(part),
  orderId: ({ order }) => order.content.id,
  seller: ({ sellerId }) => ({ id: sellerId }),
  status: ({ order }) => order.state.status,
  lines: ({ order: { content }, sellerId }) =>
    content.lines.flatMap((line) =>
      line.sellerId === sellerId ? [{ ...line, currency: content.currency }] : [],
    ),
  net: (part) => money(part, part.net),
  tax: (part) => money(part, part.tax),
  discount: (part) => money(part, part.discount),
  fee: (part) => money(part, part.fee),
  share: (part) => money(part, part.share),
  placedAt: ({ order }) => new Date(order.content.placedAt).toISOString(),
};
