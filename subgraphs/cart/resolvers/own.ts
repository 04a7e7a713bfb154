import type { Scope } from '@aisle/platform/service';
import type { Cart } from '../domain/cart.ts';
import type { Command } from '../domain/decide.ts';
import { cartIdOf } from '../domain/identity.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Ports } from '../store/index.ts';
import { type ChangeOptions, changeCart, payload } from './change-cart.ts';
import { requireOwner } from './viewer.ts';

/** Changes the caller's own cart. @throws UNAUTHENTICATED */
export async function changeOwn(
  scope: Scope<Ports>,
  command: Command,
  options?: ChangeOptions,
): Promise<{ cart: Cart | null; errors: Refusal[] }> {
  const owner = requireOwner(scope.caller);
  const { region } = scope.caller;
  return payload(await changeCart(scope, { id: cartIdOf(owner, region), owner, region }, command, options));
}

/** An absent and a null argument are the same. */
export const expecting = (
  input: { readonly expectedVersion?: number | null } | null | undefined,
): { expectedVersion?: number } =>
  typeof input?.expectedVersion === 'number' ? { expectedVersion: input.expectedVersion } : {};
