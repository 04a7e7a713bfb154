import { unauthenticated } from '@aisle/platform/errors';
import type { Caller } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import type { Ports, Wait } from '../store/index.ts';

/** The signed-in person. @throws UNAUTHENTICATED for guests and strangers, who have no saved ways to pay */
export function signedIn({ caller }: Pick<Scope<Ports>, 'caller'>): Caller {
  if (caller.kind !== 'user') throw unauthenticated();
  return caller;
}

/** Whose payment it is, the staff, and the context that asks for payments. Sellers are not told how a buyer pays. */
export function maySee(caller: Caller, ownerId: string | null): boolean {
  if (caller.kind === 'service') return caller.subject === 'orders';
  if (caller.roles.includes('staff') || caller.roles.includes('admin')) return true;
  return ownerId !== null && caller.subject === ownerId;
}

/** Kept back from an operation's deadline, so that an outcome can still be stored and answered, milliseconds. */
const RESERVE_MS = 200;
/** Longest that an operation waits for the provider, milliseconds: then it answers that the payment is pending. */
const MAX_WAIT_MS = 4_500;

/** How long to wait for the provider. Not tied to the caller's signal: an outcome is worth having even if nobody waits. */
export function waitOf({ deadline, clock }: Pick<Scope<Ports>, 'deadline' | 'clock'>): Wait {
  return { deadline: Math.min(deadline - RESERVE_MS, clock.now() + MAX_WAIT_MS) };
}
