import { requireService } from '@aisle/platform/service';
import type { QueryResolvers } from '../../generated/schema.ts';

export const revokedSessions: NonNullable<QueryResolvers['revokedSessions']> = (_, _args, scope) => {
  requireService(scope, ['router']);
  return scope.ports.revocations.list(scope.clock.now());
};
