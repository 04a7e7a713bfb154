import { errorFields } from '@aisle/platform/log';
import type { Scope } from '@aisle/platform/service';
import { isStoreDown } from '@aisle/platform/stores';
import { ShopUnavailable } from '../calls/shop.ts';
import { type Cart, emptyCart } from '../domain/cart.ts';
import { type Command, type Decision, decide } from '../domain/decide.ts';
import { isGuest } from '../domain/identity.ts';
import { type Refusal, unavailableNow } from '../domain/refusal.ts';
import type { Ports } from '../store/index.ts';

export type Outcome = { readonly cart: Cart; readonly before: Cart } | { readonly refusal: Refusal };

export interface ChangeOptions {
  /** Asked before the change is saved; a refusal leaves the cart as it was. */
  readonly check?: (next: Cart, before: Cart) => Promise<Refusal | undefined>;
  /** @default true */
  readonly durable?: boolean;
}

/** How often somebody in another process may be quicker; one process takes turns by itself. */
const TRIES = 30;

/** Load → decide → check → save, again from the newest state when somebody else saved first, so that no line is lost. */
export async function changeCart(
  scope: Pick<Scope<Ports>, 'ports' | 'clock' | 'log' | 'deadline'>,
  whose: Pick<Cart, 'id' | 'owner' | 'region'>,
  command: Command,
  { check, durable = true }: ChangeOptions = {},
): Promise<Outcome> {
  const { ports, clock, log } = scope;
  const { id, owner, region } = whose;
  try {
    return await ports.carts.inTurn(id, async (): Promise<Outcome> => {
      // What this process remembers saves a look; only a change may rest on it, because saving it proves it right.
      const known = ports.carts.recall(id);
      for (let attempt = known ? -1 : 0; attempt < TRIES && clock.now() < scope.deadline; attempt++) {
        const found =
          attempt < 0
            ? known
            : await (attempt === 0 ? ports.carts.load(region, id) : ports.carts.reload(region, id));
        const before = found ?? emptyCart(id, owner, region);
        const decision: Decision = decide(command, before, clock.now());
        if (attempt < 0 && decision.type !== 'changed') continue;
        if (decision.type === 'refused') return { refusal: decision.refusal };
        if (decision.type === 'unchanged') return { cart: before, before };
        const next = withKey(decision.cart, ports);
        const refusal = await check?.(next, before);
        if (refusal && attempt < 0) continue;
        if (refusal) return { refusal };
        if (await ports.carts.save(next, decision.kind, { durable })) return { cart: next, before };
      }
      return { refusal: unavailableNow() };
    });
  } catch (error) {
    if (!(error instanceof ShopUnavailable) && !isStoreDown(error)) throw error;
    log.warn('a cart cannot be changed', errorFields(error));
    return { refusal: unavailableNow() };
  }
}

const withKey = (cart: Cart, ports: Pick<Ports, 'newMergeKey'>): Cart =>
  isGuest(cart.owner) && cart.mergeKey === null ? { ...cart, mergeKey: ports.newMergeKey() } : cart;

export function payload(outcome: Outcome): { cart: Cart | null; errors: Refusal[] } {
  return 'refusal' in outcome
    ? { cart: null, errors: [outcome.refusal] }
    : { cart: outcome.cart, errors: [] };
}
