import { badInput, unavailable } from '@aisle/platform/errors';
import { cartIdOf } from '../../domain/identity.ts';
import type { SubscriptionResolvers } from '../../generated/schema.ts';
import type { Change } from '../../store/changes.ts';
import { ownCart, requireOwner } from '../viewer.ts';

export const cartChanged: NonNullable<SubscriptionResolvers['cartChanged']> = {
  async subscribe(_, args, scope) {
    const { caller, ports } = scope;
    const owner = requireOwner(caller);
    const id = cartIdOf(owner, caller.region);
    const after = args.after ? ports.changes.cursorFor(caller.region, id, args.after) : undefined;
    if (args.after && !after) throw badInput('This cursor is not of this cart.');
    try {
      return named(await ports.changes.follow(caller.region, id, () => ownCart(scope, owner), after));
    } catch (error) {
      throw unavailable('The cart cannot be followed just now.', error);
    }
  },
};

function named(changes: AsyncIterableIterator<Change>): AsyncIterableIterator<{ cartChanged: Change }> {
  const iterator: AsyncIterableIterator<{ cartChanged: Change }> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      const { done, value } = await changes.next();
      return done ? { done: true, value: undefined } : { done: false, value: { cartChanged: value } };
    },
    async return() {
      await changes.return?.();
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
