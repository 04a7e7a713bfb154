import type { Currency } from '@aisle/platform/money';
import type { Order as DomainOrder, OrderLine as Line, SellerPart } from '../domain/order.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Step } from '../store/index.ts';

/** What resolvers hand from a field to the fields below it. */
export type Order = DomainOrder;

export interface OrderLine extends Line {
  readonly currency: Currency;
}

export interface SellerOrder extends SellerPart {
  readonly order: DomainOrder;
  /** Place in the order's split, from 0; part of the id. */
  readonly position: number;
}

export type OrderProgress = Step;

export type UserError = Refusal;
