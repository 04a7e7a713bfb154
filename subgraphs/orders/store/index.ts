import type { AisleEvent } from '@aisle/platform/bus';
import type { Begun, IdempotentCall } from '@aisle/platform/idempotency';
import type { Region } from '@aisle/platform/identity';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { DriveEnd, OnSaved, SagaRunner } from '@aisle/platform/saga';
import type { Contexts } from '../calls/contexts.ts';
import type { Config } from '../config.ts';
import type { Cause, Order, OrderFact, OrderStatus } from '../domain/order.ts';
import type { OrderSaga, OrderSignal } from '../domain/saga/types.ts';

/** What a key of `placeOrder` or `cancelOrder` stands for. */
export interface CallAnswer {
  readonly orderId: string;
}

export interface Page {
  readonly first: number;
  /** Only what comes after it: epoch milliseconds and id of the last one seen. */
  readonly after: { readonly at: number; readonly id: string } | undefined;
  /** All states when empty. */
  readonly statuses: readonly OrderStatus[];
}

/** Orders of all regions; an id tells where to look. */
export interface Orders {
  /** What a key was used for before; undefined when it is free. */
  findCall(region: Region, call: IdempotentCall): Promise<Begun<CallAnswer> | undefined>;
  /** Stores order, split, saga, key, first step and `OrderPlaced` in one commit. @returns false when the key is taken. */
  start(order: Order, saga: OrderSaga, call: IdempotentCall): Promise<boolean>;
  /** Turns a confirmed order round: status, saga, key and step in one commit, or nothing when it or the key is not free. */
  takeBack(
    order: Order,
    cause: Cause,
    saga: OrderSaga,
    call: IdempotentCall,
  ): Promise<'taken-back' | 'changed' | 'key-taken'>;
  /** Remembers what a key was used for, when nothing else is stored with it. */
  remember(region: Region, call: IdempotentCall, answer: CallAnswer): Promise<'remembered' | 'reused'>;
  find(id: string): Promise<Order | undefined>;
  findMany(ids: readonly string[]): Promise<Map<string, Order>>;
  /** Newest first, one more than asked for when there is more. */
  ofUser(region: Region, userId: string, page: Page): Promise<Order[]>;
  /** Orders with a part of the seller, newest first, one more than asked for when there is more. */
  ofSeller(region: Region, sellerId: string, page: Page): Promise<Order[]>;
}

/** Carries orders on, here or wherever their process dies. */
export interface Sagas {
  /** Begins the saga stored by `start` or `takeBack`. Never rejects. */
  begin(saga: OrderSaga, onSaved: OnSaved<OrderSaga, OrderFact>): Promise<DriveEnd<OrderSaga, OrderFact>>;
  /** Tells a waiting order of something. @returns false when its saga is over. */
  signal(region: Region, orderId: string, signal: OrderSignal): Promise<boolean>;
  /** The same because of an event, once per event, if the order is in one of these states. */
  deliver(
    region: Region,
    orderId: string,
    signal: OrderSignal,
    event: AisleEvent,
    statuses: readonly OrderStatus[],
  ): Promise<void>;
}

/** One step of an order, as the stream tells it. */
export interface Step {
  readonly cursor: string;
  readonly orderId: string;
  readonly userId: string;
  readonly region: Region;
  readonly step: OrderFact['type'] | 'PLACED';
  readonly status: OrderStatus;
  readonly detail: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface StepFilter {
  readonly region: Region;
  readonly userId: string;
  readonly orderId: string | undefined;
  /** Undefined: an order from its first step, a user from now on. */
  readonly after: string | undefined;
}

export interface Progress {
  /** Steps so far of some orders of one region, oldest first. */
  of(region: Region, orderIds: readonly string[]): Promise<Map<string, Step[]>>;
  /** Steps as they happen, none missed from when it resolves, none twice. Ends when its `return` is called. */
  follow(filter: StepFilter): Promise<AsyncIterableIterator<Step>>;
  /** Cursor of what has happened in a region up to now: who follows after it misses nothing from now on. */
  now(region: Region): Promise<string>;
  /** Whether a text is a cursor of this region's stream. */
  isCursor(region: Region, text: string): boolean;
}

/** Equal calls of one process at the same time are one. */
export interface Flights {
  /** @returns undefined when too many are under way. */
  run<Answer>(call: IdempotentCall, work: () => Promise<Answer>): Promise<Answer | undefined>;
}

export interface Ports {
  readonly orders: Orders;
  readonly sagas: Sagas;
  /** For the background: takes over what others left. */
  readonly runner: SagaRunner<OrderSaga, OrderSignal, OrderFact>;
  readonly progress: Progress;
  readonly contexts: Contexts;
  readonly flights: Flights;
  readonly outbox: PostgresOutbox;
  readonly config: Config;
  ping(): Promise<void>;
}
