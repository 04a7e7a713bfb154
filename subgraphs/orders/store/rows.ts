import type { Region } from '@aisle/platform/identity';
import type { Currency } from '@aisle/platform/money';
import type {
  Address,
  Cause,
  Order,
  OrderLine,
  OrderState,
  OrderStatus,
  SellerPart,
} from '../domain/order.ts';

export interface OrderRow extends Record<string, unknown> {
  readonly id: string;
  readonly user_id: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly cause: Cause | null;
  readonly region: Region;
  readonly currency: Currency;
  readonly cart_id: string;
  readonly quote_id: string;
  readonly lines: OrderLine[];
  readonly address: Address;
  readonly net: bigint;
  readonly tax: bigint;
  readonly delivery: bigint;
  readonly discount: bigint;
  readonly total: bigint;
  readonly fee: bigint;
  readonly placed_at: Date;
  readonly updated_at: Date;
  readonly parts: SellerPart[] | null;
}

/** Columns of an order `o` with its split. */
export const ORDER_COLUMNS = `o.*, (SELECT json_agg(json_build_object('sellerId', p.seller_id, 'net', p.net, 'tax', p.tax,
    'discount', p.discount, 'fee', p.fee, 'share', p.share) ORDER BY p.position)
  FROM seller_orders p WHERE p.order_id = o.id) AS parts`;

export function toOrder(row: OrderRow): Order {
  const { id, region, currency, lines, address } = row;
  return {
    content: {
      id,
      region,
      currency,
      lines,
      address,
      userId: row.user_id,
      cartId: row.cart_id,
      quoteId: row.quote_id,
      parts: row.parts ?? [],
      net: Number(row.net),
      tax: Number(row.tax),
      delivery: Number(row.delivery),
      discount: Number(row.discount),
      total: Number(row.total),
      fee: Number(row.fee),
      placedAt: row.placed_at.getTime(),
    },
    state: toState(row),
    version: row.version,
    updatedAt: row.updated_at.getTime(),
  };
}

function toState({ status, cause }: OrderRow): OrderState {
  if (status !== 'CANCELLED' && status !== 'CANCELLING') return { status };
  // The table's check makes sure that there is one.
  return { status, cause: cause! };
}
