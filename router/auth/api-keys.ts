import { createHash } from 'node:crypto';
import type { Clock } from '@aisle/platform/clock';
import type { Caller } from '@aisle/platform/identity';
import { AuthError } from './auth-error.ts';
import { ExpiringCache } from './expiring-cache.ts';

/** Milliseconds a known, and an unknown, key is remembered. Short, so that a revoked key ends soon. */
const KNOWN = 3_000;
const UNKNOWN = 3_000;
const PATTERN = /^[\w.~+/=-]{8,256}$/;

/**
 * Who an API key belongs to, remembered shortly under the key's hash, and asked for once however many requests bring it at once.
 * @throws AuthError 401 for an unknown key, 503 when the resolver fails.
 */
export function createApiKeys(
  resolve: (key: string) => Promise<Caller | undefined>,
  clock: Clock,
): (key: string) => Promise<Caller> {
  const cache = new ExpiringCache<{ readonly caller: Caller | undefined }>(10_000);
  const running = new Map<string, Promise<Caller | undefined>>();

  return async (key) => {
    if (!PATTERN.test(key)) throw unknown();
    const hash = createHash('sha256').update(key).digest('base64url');
    const cached = cache.get(hash, clock.now());
    const caller = cached ? cached.caller : await ask(key, hash);
    if (!caller) throw unknown();
    return caller;
  };

  function ask(key: string, hash: string): Promise<Caller | undefined> {
    const already = running.get(hash);
    if (already) return already;
    const asked = resolve(key)
      .then((caller) => {
        cache.set(hash, { caller }, clock.now() + (caller ? KNOWN : UNKNOWN));
        return caller;
      })
      .catch((cause) => {
        throw new AuthError(503, 'API keys cannot be checked at the moment.', { cause });
      })
      .finally(() => running.delete(hash));
    running.set(hash, asked);
    return asked;
  }
}

const unknown = () => new AuthError(401, 'The API key is not valid.');
