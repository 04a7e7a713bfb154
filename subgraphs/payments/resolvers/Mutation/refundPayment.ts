import { keyReused } from '@aisle/platform/errors';
import { checkAmount, checkRefundTexts } from '../../domain/check-input.ts';
import { statusOf } from '../../domain/payment.ts';
import { refundRefused, refundTooLarge, stateConflict } from '../../domain/refusal.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { checkCommand, noPayment } from '../command.ts';
import { waitOf } from '../viewer.ts';

export const refundPayment: NonNullable<MutationResolvers['refundPayment']> = async (_, { input }, scope) => {
  const refused = checkCommand(scope, input);
  if (refused) return refused;
  const { orderId, region, reason, key } = input;
  const amount = checkAmount(input.amount, region);
  if ('__typename' in amount) return { errors: [amount] };
  const problem = checkRefundTexts(key, reason);
  if (problem) return { errors: [problem] };
  const { ledger, refunding } = scope.ports;
  const current = await ledger.load(orderId);
  if (!current) return noPayment();
  const answer = await refunding.request(current, { amount, reason, key }, waitOf(scope));
  switch (answer.kind) {
    case 'asked':
      return {
        payment: answer.payment,
        errors: answer.refund.status === 'failed' ? [refundRefused('The provider refused the refund.')] : [],
      };
    case 'nothing-taken':
      return { payment: current, errors: [stateConflict(statusOf(current))] };
    case 'too-large':
      return { payment: current, errors: [refundTooLarge(answer.refundable)] };
    case 'other-input':
      return {
        payment: current,
        errors: [keyReused('The key was used for another amount.', 'key')],
      };
    default:
      return answer satisfies never;
  }
};
