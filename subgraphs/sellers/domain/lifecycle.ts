import { invalidInput, notAllowed, type Refusal, versionConflict } from '@aisle/platform/errors';
import { isText } from '@aisle/platform/text';
import type { VersionConflict } from './refusal.ts';
import type { Seller } from './seller.ts';

export const MAX_FEE_BPS = 5_000;

export type Decision =
  | { readonly kind: 'changed'; readonly seller: Seller }
  | {
      readonly kind: 'refused';
      readonly error: Refusal<'InvalidInput'> | Refusal<'NotAllowed'> | VersionConflict;
    };

const refused = (error: Extract<Decision, { kind: 'refused' }>['error']): Decision => ({
  kind: 'refused',
  error,
});

/** PENDING or SUSPENDED → APPROVED. */
export function approve(
  seller: Seller,
  command: { expectedVersion: number; feeBps?: number | null },
  now: Date,
): Decision {
  const { expectedVersion, feeBps } = command;
  if (seller.version !== expectedVersion) return refused(versionConflict(expectedVersion, seller.version));
  if (seller.status === 'APPROVED') return refused(notAllowed('The seller is approved already.', 'sellerId'));
  if (feeBps != null && (feeBps < 0 || feeBps > MAX_FEE_BPS))
    return refused(invalidInput(`The fee is 0 to ${MAX_FEE_BPS} basis points.`, 'feeBps'));
  return {
    kind: 'changed',
    seller: {
      ...seller,
      status: 'APPROVED',
      feeBps: feeBps ?? seller.feeBps,
      suspensionReason: null,
      approvedAt: now,
      version: seller.version + 1,
    },
  };
}

/** PENDING (a refused application) or APPROVED → SUSPENDED. */
export function suspend(seller: Seller, command: { expectedVersion: number; reason: string }): Decision {
  const { expectedVersion } = command;
  if (seller.version !== expectedVersion) return refused(versionConflict(expectedVersion, seller.version));
  if (seller.status === 'SUSPENDED')
    return refused(notAllowed('The seller is suspended already.', 'sellerId'));
  const reason = command.reason.normalize('NFC').trim();
  if (reason.length < 1 || reason.length > 500 || !isText(reason))
    return refused(invalidInput('A reason has 1 to 500 characters.', 'reason'));
  return {
    kind: 'changed',
    seller: { ...seller, status: 'SUSPENDED', suspensionReason: reason, version: seller.version + 1 },
  };
}
