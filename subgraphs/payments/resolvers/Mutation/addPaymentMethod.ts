import { invalidInput, notNow } from '@aisle/platform/errors';
import { newId } from '@aisle/platform/ids';
import { checkNoCardNumber, checkToken } from '../../domain/check-input.ts';
import { MAX_METHODS } from '../../domain/method.ts';
import { methodRefused } from '../../domain/refusal.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { ProviderError } from '../../store/index.ts';
import { signedIn, waitOf } from '../viewer.ts';

const FULL = `A person keeps at most ${MAX_METHODS} ways to pay.`;

export const addPaymentMethod: NonNullable<MutationResolvers['addPaymentMethod']> = async (
  _,
  { input },
  scope,
) => {
  const { subject: userId, region } = signedIn(scope);
  const { token: source } = input;
  const problem = checkNoCardNumber(input) ?? checkToken(source, 'token');
  if (problem) return { errors: [problem] };
  const { methods, provider } = scope.ports;
  const known = await methods.bySource(userId, region, source);
  if (known) return { paymentMethod: known, errors: [] };
  const saved = await methods.list(userId, region, MAX_METHODS);
  if (saved.length >= MAX_METHODS) return { errors: [invalidInput(FULL)] };
  try {
    const owner = { userId, region, customer: saved[0]?.customer };
    const card = await provider.saveMethod(owner, source, waitOf(scope));
    if ('failure' in card) return { errors: [methodRefused(card.failure.code, card.failure.message)] };
    const now = scope.clock.now();
    const method = { id: newId('pmt', region, now), userId, region, source, createdAt: now, ...card };
    const paymentMethod = await methods.add(method, MAX_METHODS);
    return paymentMethod ? { paymentMethod, errors: [] } : { errors: [invalidInput(FULL)] };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    scope.log.warn('payment method not saved', { error: error.message });
    return { errors: [notNow('The payment provider does not answer. Nothing was saved; try again.')] };
  }
};
