import { keyReused } from '@aisle/platform/errors';
import { hashInput, type IdempotentCall, isIdempotencyKey } from '@aisle/platform/idempotency';
import { CommandError, type Scope } from '@aisle/platform/service';
import { checkPlaceOrder, type PlaceOrderInput } from '../../domain/input.ts';
import type { Order } from '../../domain/order.ts';
import { paymentActionRequired, type Refusal, unavailable } from '../../domain/refusal.ts';
import { newSaga } from '../../domain/saga/types.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';
import { requirePerson } from '../access.ts';
import { orderIdOf, prepareOrder } from '../checkout.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { beginAndSettle, settle } from '../settle.ts';

interface Payload {
  readonly order: Order | null;
  readonly errors: Refusal[];
}

const refuse = (...errors: Refusal[]): Payload => ({ order: null, errors });

/** Buys a cart. The first call of a key does it; all others, also at the same time and elsewhere, get its answer. */
export const placeOrder: NonNullable<MutationResolvers['placeOrder']> = async (_, { input }, scope) => {
  const { caller, ports } = scope;
  requirePerson(caller);
  const { idempotencyKey: key, ...wanted } = input;
  const problems = checkPlaceOrder(input, isIdempotencyKey(key));
  if (problems.length > 0) return refuse(...problems);
  const call = { scope: `placeOrder:${caller.subject}`, key, inputHash: hashInput(wanted) };
  const work = () => orUnavailable<Payload>(scope, () => once(scope, call, input), refuse);
  const answer = await ports.flights.run(call, work);
  return answer ?? refuse(unavailable('There are too many checkouts at the moment. Please try again.'));
};

async function once(scope: Scope<Ports>, call: IdempotentCall, input: PlaceOrderInput): Promise<Payload> {
  const { orders } = scope.ports;
  const { region } = scope.caller;
  const known = await replay(scope, call, input);
  if (known) return known;
  const prepared = await prepareOrder(scope, input, orderIdOf(call, region));
  // What was refused may have been bought a moment ago, by this very call in another process.
  if ('refusals' in prepared) return (await replay(scope, call, input)) ?? refuse(...prepared.refusals);
  const saga = newSaga(prepared.order, input.paymentMethod);
  if (await orders.start(prepared.order, saga, call)) {
    return payload(scope, await beginAndSettle(scope, prepared.order, saga), input);
  }
  return (await replay(scope, call, input)) ?? refuse(unavailable());
}

/** The answer of a key that was used before; undefined when it is free. */
async function replay(
  scope: Scope<Ports>,
  call: IdempotentCall,
  input: PlaceOrderInput,
): Promise<Payload | undefined> {
  const known = await scope.ports.orders.findCall(scope.caller.region, call);
  switch (known?.kind) {
    case undefined:
    case 'fresh':
      return undefined;
    case 'replay':
      return payload(scope, await settle(scope, known.answer.orderId), input);
    case 'in-progress':
      return refuse(unavailable());
    case 'reused-with-other-input':
      return refuse(keyReused());
    default:
      return known satisfies never;
  }
}

async function payload(scope: Scope<Ports>, order: Order, input: PlaceOrderInput): Promise<Payload> {
  const { state, content } = order;
  if ('cause' in state && state.cause.kind === 'refused') return { order, errors: [state.cause.refusal] };
  if (state.status !== 'AWAITING_PAYMENT') return { order, errors: [] };
  // The secret of the action is kept nowhere, so it is asked for when it is told.
  const asking = { deadline: scope.deadline, signal: scope.signal, requestId: scope.requestId };
  const action = await scope.ports.contexts
    .paymentAction(content, input.paymentMethod, asking)
    .catch((error) => {
      if (error instanceof CommandError) return undefined;
      throw error;
    });
  return { order, errors: action ? [paymentActionRequired(action.url, action.clientSecret)] : [] };
}
