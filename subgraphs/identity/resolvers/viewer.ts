import { unauthenticated } from '@aisle/platform/errors';
import type { Caller } from '@aisle/platform/identity';
import { errorFields } from '@aisle/platform/log';
import type { Scope } from '@aisle/platform/service';
import type { Ports } from '../store/index.ts';

/** A person (not a guest, not a program with an API key) who is signed in now. */
export type SignedIn = Caller & { readonly kind: 'user'; readonly sessionId: string };

const LIVE = {};

/** Whoever acts by an API key has no login session. */
export const isPerson = (caller: Caller): caller is SignedIn =>
  caller.kind === 'user' && caller.sessionId !== undefined;

/**
 * The person who asks. Their token has been verified by the router; here it is also refused when its session has ended
 * since. While Redis is away that check is skipped: such a token dies within minutes anyway, and what matters most
 * (the roles of an admin) is read from the database.
 * @throws UNAUTHENTICATED
 */
export async function signedIn(scope: Scope<Ports>): Promise<SignedIn> {
  const { caller } = scope;
  if (!isPerson(caller)) throw unauthenticated();
  if (!(await scope.once(LIVE, () => isLive(scope))))
    throw unauthenticated('This session has ended. Sign in again.');
  return caller;
}

async function isLive({ caller, ports, log }: Scope<Ports>): Promise<boolean> {
  try {
    return !(await ports.revocations.has(caller.sessionId!));
  } catch (error) {
    log.warn('revocations could not be read', errorFields(error));
    return true;
  }
}
