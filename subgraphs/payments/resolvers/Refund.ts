import { toWire } from '@aisle/platform/money';
import type { RefundResolvers } from '../generated/schema.ts';

const STATUS = { pending: 'PENDING', succeeded: 'SUCCEEDED', failed: 'FAILED' } as const;

export const Refund: RefundResolvers = {
  amount: ({ amount }) => toWire(amount),
  status: ({ status }) => STATUS[status],
  createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
};
