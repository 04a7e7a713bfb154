import { AisleError, badInput } from '@aisle/platform/errors';
import type { Scope } from '@aisle/platform/service';
import type { SubscriptionOrderProgressArgs } from '../../generated/schema.ts';
import type { Ports, Step } from '../../store/index.ts';
import { mayRead, requirePerson } from '../access.ts';

/** Steps of an order of the caller's, or of all of them. Staff may follow any one order. */
export const orderProgress = {
  async subscribe(_: unknown, { orderId, after }: SubscriptionOrderProgressArgs, scope: Scope<Ports>) {
    const { caller, ports } = scope;
    requirePerson(caller);
    const order = orderId == null ? undefined : await ports.orders.find(orderId);
    if (orderId != null && !(order && mayRead(caller, order))) {
      throw new AisleError('NOT_FOUND', 'There is no such order.');
    }
    const region = order?.content.region ?? caller.region;
    if (after != null && !ports.progress.isCursor(region, after)) {
      throw badInput('"after" is not a cursor of this stream.');
    }
    const userId = order?.content.userId ?? caller.subject;
    return ports.progress.follow({ region, userId, orderId: order?.content.id, after: after ?? undefined });
  },
  resolve: (step: Step) => step,
};
