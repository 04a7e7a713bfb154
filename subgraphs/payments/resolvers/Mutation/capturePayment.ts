import type { MutationResolvers } from '../../generated/schema.ts';
import { captureAnswer, checkCommand, noPayment } from '../command.ts';
import { waitOf } from '../viewer.ts';

const CAPTURE = { kind: 'capture' } as const;

export const capturePayment: NonNullable<MutationResolvers['capturePayment']> = async (
  _,
  { input },
  scope,
) => {
  const refused = checkCommand(scope, input);
  if (refused) return refused;
  const { ledger, recent, settlement } = scope.ports;
  const remembered = recent.get(input.orderId);
  const current = remembered ?? (await ledger.load(input.orderId));
  if (!current) return noPayment();
  let { payment, conflict } = await ledger.change(current, CAPTURE);
  if (conflict && remembered) {
    // Another process may have moved it on since we looked.
    const read = (await ledger.load(input.orderId)) ?? payment;
    ({ payment, conflict } = await ledger.change(read, CAPTURE));
  }
  if (conflict) return captureAnswer(payment, conflict);
  return captureAnswer(await settlement.settle(payment, waitOf(scope)));
};
