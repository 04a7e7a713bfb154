import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { AccessTokens } from './index.ts';

export const ISSUER = 'aisle';
export const AUDIENCE = 'aisle';

/** What may leave the process: never the private part `d`. */
const PUBLIC_PARTS = ['kty', 'crv', 'x', 'kid', 'alg', 'use'] as const;

/** A new Ed25519 key as JWK JSON, for `IDENTITY_SIGNING_KEY`. */
export async function generateSigningKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' });
}

/**
 * Signs access tokens (RFC 9068). The first key signs; the others are still published, so that tokens they signed are
 * honoured until they expire.
 */
export async function openAccessTokens(keys: readonly JWK[], lifetimeSeconds: number): Promise<AccessTokens> {
  const named = await Promise.all(
    keys.map(async (key) => ({
      alg: 'EdDSA',
      use: 'sig',
      ...key,
      kid: key.kid ?? (await calculateJwkThumbprint(key)),
    })),
  );
  const [signer] = named;
  if (!signer) throw new Error('There is no key to sign access tokens with.');
  const privateKey = await importJWK(signer, 'EdDSA');
  const published = named.map((key) =>
    Object.fromEntries(PUBLIC_PARTS.flatMap((part) => (key[part] === undefined ? [] : [[part, key[part]]]))),
  );

  return {
    lifetime: lifetimeSeconds,
    sign(claims, now) {
      const issuedAt = Math.floor(now / 1_000);
      const { kind, roles, region, sellerId, sessionId, subject } = claims;
      return new SignJWT({
        kind,
        roles: [...roles],
        region,
        sid: sessionId,
        ...(sellerId && { seller: sellerId }),
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.kid })
        .setSubject(subject)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(privateKey);
    },
    jwks: () => ({ keys: published }),
  };
}
