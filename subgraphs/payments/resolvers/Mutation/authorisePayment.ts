import { keyReused, notFound } from '@aisle/platform/errors';
import { newId } from '@aisle/platform/ids';
import type { Scope } from '@aisle/platform/service';
import { checkAmount, checkReturnUrl, checkToken, checkUser } from '../../domain/check-input.ts';
import { decide } from '../../domain/decide.ts';
import { begin } from '../../domain/evolve.ts';
import type { Method, Order } from '../../domain/payment.ts';
import type { AuthorisePaymentInput, MutationResolvers } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';
import { type CommandAnswer, checkCommand } from '../command.ts';
import { waitOf } from '../viewer.ts';

const FIELD = 'paymentMethod';

/** One commit that says what we want, the provider, one commit that says what came of it. */
export const authorisePayment: NonNullable<MutationResolvers['authorisePayment']> = async (
  _,
  { input },
  scope,
) => {
  const refused = checkCommand(scope, input);
  if (refused) return refused;
  const order = await orderOf(input, scope);
  if ('errors' in order) return order;
  const { payments, settlement, recent } = scope.ports;
  const now = scope.clock.now();
  const fresh = begin(newId('pay', order.region, now), order, now);
  const known = await payments.begin(fresh);
  if (known) {
    const decision = decide({ kind: 'authorise', order }, known);
    if ('conflict' in decision) {
      return { errors: [keyReused('The order is paid with another amount or card.', 'orderId')] };
    }
    const payment =
      known.state.kind === 'authorising'
        ? await settlement.settle(known, waitOf(scope), { direct: true })
        : known;
    return { payment, errors: [] };
  }
  recent.set(fresh);
  return { payment: await settlement.settle(fresh, waitOf(scope), { direct: true }), errors: [] };
};

async function orderOf(input: AuthorisePaymentInput, scope: Scope<Ports>): Promise<Order | CommandAnswer> {
  const { orderId, userId, region } = input;
  const amount = checkAmount(input.amount, region);
  if ('__typename' in amount) return { errors: [amount] };
  const returnUrl = input.returnUrl ?? scope.ports.returnUrl;
  const problem = checkUser(userId, region) ?? checkReturnUrl(returnUrl);
  if (problem) return { errors: [problem] };
  const method = await methodOf(input, scope);
  if ('errors' in method) return method;
  return { orderId, userId, region, amount, method, returnUrl };
}

/**
 * A saved method must be the buyer's own: any other does not exist for them. One that was removed after the order had
 * been begun with it is still what the order is paid with: "there is no such method" would say that nothing is held.
 */
async function methodOf(
  { paymentMethod: given, orderId, userId }: AuthorisePaymentInput,
  { ports }: Scope<Ports>,
): Promise<Method | CommandAnswer> {
  if (given.startsWith('pmt_')) {
    const saved = await ports.methods.find(given);
    if (saved?.userId === userId) return { token: saved.token, customer: saved.customer };
    const begun = await ports.payments.find(orderId);
    if (begun?.userId === userId) return begun.method;
    return { errors: [notFound('There is no such payment method.', FIELD)] };
  }
  const problem = checkToken(given, FIELD);
  return problem ? { errors: [problem] } : { token: given, customer: null };
}
