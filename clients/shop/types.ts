/** The answers to `operations/`, as far as the shop reads them. */
export interface Money {
  readonly currency: string;
  readonly minor: number;
}

export interface UserError {
  readonly __typename?: string;
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  /** Of PaymentActionRequired. */
  readonly url?: string;
  /** Of PaymentDeclined. */
  readonly declineCode?: string;
  /** Of InsufficientStock. */
  readonly available?: number;
}

export type Payload<Field extends string, Value> = { readonly [F in Field]: Value | null } & {
  readonly errors: readonly UserError[];
};

export interface Variant {
  readonly sku: string;
  readonly title: string;
  readonly price: { readonly amount: Money } | null;
  readonly stock: { readonly available: number } | null;
}

export interface Product {
  readonly id: string;
  readonly title: string;
  readonly brand: { readonly name: string } | null;
  readonly variants: readonly Variant[];
}

export interface Cart {
  readonly id: string;
  readonly version: number;
  readonly itemCount: number;
  readonly quote: { readonly id: string; readonly total: Money } | null;
}

export type OrderStatus =
  | 'PENDING'
  | 'AWAITING_PAYMENT'
  | 'CONFIRMED'
  | 'CANCELLING'
  | 'CANCELLED'
  | 'COMPLETED';

export interface PlacedOrder {
  readonly id: string;
  readonly status: OrderStatus;
  readonly total: Money;
}

export interface Order extends PlacedOrder {
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly payment: { readonly status: string; readonly captured: Money; readonly refunded: Money } | null;
  readonly progress: readonly { readonly cursor: string; readonly step: string }[];
}

export interface OrderProgress {
  readonly cursor: string;
  readonly orderId: string;
  readonly step: string;
  readonly status: OrderStatus;
  readonly detail: string | null;
}

export interface StockChange {
  readonly cursor: string;
  readonly kind: string;
  readonly variant: { readonly title: string };
  readonly stock: Stock;
}

export interface Stock {
  readonly available: number;
  readonly held: number;
  readonly sold: number;
}

export const formatMoney = ({ currency, minor }: Money): string => `${(minor / 100).toFixed(2)} ${currency}`;
