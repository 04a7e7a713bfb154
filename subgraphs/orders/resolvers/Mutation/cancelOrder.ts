import { keyReused, notFound } from '@aisle/platform/errors';
import { hashInput, type IdempotentCall, isIdempotencyKey } from '@aisle/platform/idempotency';
import type { Region } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import { decideCancel } from '../../domain/cancel.ts';
import { checkCancelOrder } from '../../domain/input.ts';
import { type Cause, evolve, type Order } from '../../domain/order.ts';
import { type Refusal, unavailable } from '../../domain/refusal.ts';
import { takeBackSaga } from '../../domain/saga/types.ts';
import type { CancelOrderInput, MutationResolvers } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';
import { mayRead, requirePerson } from '../access.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { beginAndSettle, settle } from '../settle.ts';

interface Payload {
  readonly order: Order | null;
  readonly errors: Refusal[];
}

/** An order may move on between looking at it and cancelling it; more than this often it does not. */
const MAX_LOOKS = 4;

const refuse = (...errors: Refusal[]): Payload => ({ order: null, errors });

/** Takes an order back, wherever it is on its way; an order that is cancelled already is the answer too. */
export const cancelOrder: NonNullable<MutationResolvers['cancelOrder']> = async (_, { input }, scope) => {
  const { caller, ports } = scope;
  requirePerson(caller);
  const { idempotencyKey: key, ...wanted } = input;
  const problems = checkCancelOrder(input, isIdempotencyKey(key));
  if (problems.length > 0) return refuse(...problems);
  const call = { scope: `cancelOrder:${caller.subject}`, key, inputHash: hashInput(wanted) };
  const work = () => orUnavailable<Payload>(scope, () => cancel(scope, call, input), refuse);
  return (await ports.flights.run(call, work)) ?? refuse(unavailable());
};

async function cancel(
  scope: Scope<Ports>,
  call: IdempotentCall,
  { orderId, reason, expectedVersion }: CancelOrderInput,
): Promise<Payload> {
  const found = await scope.ports.orders.find(orderId);
  if (!found || !mayRead(scope.caller, found)) return refuse(notFound('There is no such order.', 'orderId'));
  return once(scope, call, found, reason?.trim() || null, expectedVersion ?? undefined);
}

async function once(
  scope: Scope<Ports>,
  call: IdempotentCall,
  found: Order,
  reason: string | null,
  expectedVersion: number | undefined,
): Promise<Payload> {
  const { orders, sagas } = scope.ports;
  const { id, region } = found.content;
  const known = await answered(scope, call, region);
  if (known) return known;

  const cause: Cause = { kind: 'cancelled', reason };
  let order = found;
  for (let look = 0; look < MAX_LOOKS; look++) {
    const decision = decideCancel(order, expectedVersion);
    switch (decision.kind) {
      case 'refused':
        return refuse(decision.refusal);
      case 'already':
        if ((await orders.remember(region, call, { orderId: id })) === 'reused') return refuse(keyReused());
        return { order: await settle(scope, id), errors: [] };
      case 'turn-round':
        await sagas.signal(region, id, { kind: 'cancel', reason });
        order = await leaves(scope, order);
        break;
      case 'settle-first':
        order = await settle(scope, id);
        if (order.state.status === 'PENDING') return refuse(unavailable('The order is still being placed.'));
        break;
      case 'take-back': {
        const turned = evolve(order, { type: 'CANCEL_REQUESTED', cause }, scope.clock.now());
        const saga = takeBackSaga(turned, cause);
        const outcome = await orders.takeBack(order, cause, saga, call);
        if (outcome === 'taken-back') return { order: await beginAndSettle(scope, turned, saga), errors: [] };
        // Somebody used the key at the very same time: theirs counts.
        const theirs = outcome === 'key-taken' && (await answered(scope, call, region));
        if (theirs) return theirs;
        order = await settle(scope, id);
        break;
      }
      default:
        return decision satisfies never;
    }
  }
  return refuse(unavailable());
}

/** What the key was used for before; undefined when it is free. */
async function answered(
  scope: Scope<Ports>,
  call: IdempotentCall,
  region: Region,
): Promise<Payload | undefined> {
  const known = await scope.ports.orders.findCall(region, call);
  if (known?.kind === 'reused-with-other-input') return refuse(keyReused());
  if (known?.kind === 'replay') return { order: await settle(scope, known.answer.orderId), errors: [] };
  return undefined;
}

/** Waits until an order that was told something is no longer where it was. */
async function leaves(scope: Scope<Ports>, { content, version }: Order): Promise<Order> {
  for (let look = 0; ; look++) {
    const order = await settle(scope, content.id);
    if (order.version !== version || look === 20) return order;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
