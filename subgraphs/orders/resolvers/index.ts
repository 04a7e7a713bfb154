import type { ResolverMap } from '@aisle/platform/service';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { Order } from './Order.ts';
import { OrderLine } from './OrderLine.ts';
import { OrderProgress } from './OrderProgress.ts';
import { order } from './Query/order.ts';
import { orderProgressCursor } from './Query/orderProgressCursor.ts';
import { orders } from './Query/orders.ts';
import { sellerOrders } from './Query/sellerOrders.ts';
import { SellerOrder } from './SellerOrder.ts';
import { orderProgress } from './Subscription/orderProgress.ts';

export const resolvers: ResolverMap = {
  Query: { order, orders, orderProgressCursor, sellerOrders },
  Mutation: { placeOrder, cancelOrder },
  Subscription: { orderProgress },
  Order,
  OrderLine,
  OrderProgress,
  SellerOrder,
};
