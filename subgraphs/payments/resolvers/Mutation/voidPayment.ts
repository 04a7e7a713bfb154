import { newId } from '@aisle/platform/ids';
import { currencyOf } from '@aisle/platform/money';
import { beginVoided } from '../../domain/evolve.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { checkCommand } from '../command.ts';
import { waitOf } from '../viewer.ts';

/** Ends with nothing held and nothing kept, also when the authorisation is under way or has not arrived yet. */
export const voidPayment: NonNullable<MutationResolvers['voidPayment']> = async (_, { input }, scope) => {
  const refused = checkCommand(scope, input);
  if (refused) return refused;
  const { ledger, payments, settlement } = scope.ports;
  const { orderId, region } = input;
  let current = await ledger.load(orderId);
  if (!current) {
    const now = scope.clock.now();
    const tombstone = beginVoided(newId('pay', region, now), { orderId, region }, currencyOf(region), now);
    current = await payments.begin(tombstone);
    if (!current) return { payment: tombstone, errors: [] };
  }
  const { payment } = await ledger.change(current, { kind: 'void' });
  return { payment: await settlement.settle(payment, waitOf(scope)), errors: [] };
};
