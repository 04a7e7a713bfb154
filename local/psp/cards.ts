/** How a test card behaves. Tokens and decline codes are Stripe's; the faults at the end are ours. */
export interface Card {
  readonly brand: string;
  readonly last4: string;
  /** Refused at confirmation, with these codes. */
  readonly decline?: { readonly code: string; readonly declineCode: string; readonly message: string };
  /** Refused when attached to a customer, too. */
  readonly refusesAttach?: boolean;
  readonly requiresAction?: boolean;
  /** What happens when an intent is confirmed with it. */
  readonly onConfirm?: 'hang' | 'hang-without-charge' | 'cut' | 'slow';
  readonly onCapture?: 'cut' | 'fail' | 'hang';
  readonly onCancel?: 'cut';
  readonly onRefund?: 'cut' | 'fail';
}

const visa: Card = { brand: 'visa', last4: '4242' };

const declined = (
  last4: string,
  declineCode: string,
  code = 'card_declined',
  message = 'Your card was declined.',
): Card => ({
  brand: 'visa',
  last4,
  decline: { code, declineCode, message },
  refusesAttach: true,
});

const insufficient = declined(
  '9995',
  'insufficient_funds',
  'card_declined',
  'Your card has insufficient funds.',
);
const expired = declined('0069', 'expired_card', 'expired_card', 'Your card has expired.');

export const CARDS: Readonly<Record<string, Card>> = {
  pm_card_visa: visa,
  pm_card_visa_debit: { brand: 'visa', last4: '5556' },
  pm_card_mastercard: { brand: 'mastercard', last4: '4444' },
  pm_card_amex: { brand: 'amex', last4: '8431' },
  pm_card_chargeDeclined: declined('0002', 'generic_decline'),
  pm_card_visa_chargeDeclined: declined('0002', 'generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: insufficient,
  pm_card_visa_chargeDeclinedInsufficientFunds: insufficient,
  pm_card_chargeDeclinedExpiredCard: expired,
  pm_card_expired: expired,
  pm_card_expiredCard: expired,
  pm_card_chargeDeclinedLostCard: declined('9987', 'lost_card'),
  pm_card_chargeDeclinedStolenCard: declined('9979', 'stolen_card'),
  pm_card_chargeDeclinedFraudulent: declined('0019', 'fraudulent'),
  pm_card_chargeDeclinedIncorrectCvc: declined(
    '0127',
    'incorrect_cvc',
    'incorrect_cvc',
    "Your card's security code is incorrect.",
  ),
  pm_card_chargeDeclinedProcessingError: declined(
    '0119',
    'processing_error',
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
  ),
  // Can be saved, but is declined when charged.
  pm_card_chargeCustomerFail: { ...declined('0341', 'generic_decline'), refusesAttach: false },
  pm_card_authenticationRequired: { brand: 'visa', last4: '3184', requiresAction: true },
  pm_card_threeDSecure2Required: { brand: 'visa', last4: '3220', requiresAction: true },

  pm_card_slow: { ...visa, last4: '0701', onConfirm: 'slow' },
  pm_card_timeout: { ...visa, last4: '0702', onConfirm: 'hang' },
  pm_card_timeoutNoCharge: { ...visa, last4: '0703', onConfirm: 'hang-without-charge' },
  pm_card_lostReply: { ...visa, last4: '0704', onConfirm: 'cut' },
  pm_card_captureLostReply: { ...visa, last4: '0705', onCapture: 'cut' },
  pm_card_captureTimeout: { ...visa, last4: '0706', onCapture: 'hang' },
  pm_card_captureFails: { ...visa, last4: '0707', onCapture: 'fail' },
  pm_card_voidLostReply: { ...visa, last4: '0708', onCancel: 'cut' },
  pm_card_refundLostReply: { ...visa, last4: '0709', onRefund: 'cut' },
  pm_card_refundFails: { ...visa, last4: '0710', onRefund: 'fail' },
};

/** Test cards expire far enough in the future to stay valid, near enough to look real. */
export const EXPIRY = { month: 12, year: 2034 } as const;
