import { notFound, notNow } from '@aisle/platform/errors';
import { checkNoCardNumber } from '../../domain/check-input.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { ProviderError } from '../../store/index.ts';
import { signedIn, waitOf } from '../viewer.ts';

export const removePaymentMethod: NonNullable<MutationResolvers['removePaymentMethod']> = async (
  _,
  { input },
  scope,
) => {
  const { subject } = signedIn(scope);
  const { paymentMethodId: id } = input;
  const problem = checkNoCardNumber(input);
  if (problem) return { errors: [problem] };
  const method = await scope.ports.methods.find(id);
  if (method?.userId !== subject) {
    return { errors: [notFound('There is no such payment method.', 'paymentMethodId')] };
  }
  try {
    await scope.ports.provider.removeMethod(method.token, waitOf(scope));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { errors: [notNow('The payment provider does not answer. Nothing was removed; try again.')] };
  }
  await scope.ports.methods.remove(method);
  return { removedId: id, errors: [] };
};
