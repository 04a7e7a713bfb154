import { createHash, timingSafeEqual } from 'node:crypto';
import { invalidInput, type Refusal } from '@aisle/platform/errors';

export const API_SCOPES = [
  'CATALOGUE_READ',
  'CATALOGUE_WRITE',
  'PRICING_WRITE',
  'INVENTORY_WRITE',
  'ORDERS_READ',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** Live keys a seller may have. */
export const MAX_API_KEYS = 20;

/** A key's record. The key itself is `aik_<tail of the id>_<secret>`; its secret is not kept. */
export interface ApiKey {
  readonly id: string;
  readonly sellerId: string;
  readonly name: string;
  /** `aik_` and the first characters of the tail. */
  readonly prefix: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** The parts of a new key: `secret` is 256 random bits. */
export function composeKey(id: string, secret: Buffer): { key: string; prefix: string; hash: Buffer } {
  const tail = id.slice('key_'.length);
  const key = `aik_${tail}_${secret.toString('base64url')}`;
  return { key, prefix: `aik_${tail.slice(0, 4)}…${tail.slice(-4)}`, hash: hashKey(key) };
}

/** @returns the id of the key's record, or undefined for anything that is not one of our keys. */
export function idOfKey(key: string): string | undefined {
  const match = /^aik_([0-9a-z]{26})_[A-Za-z0-9_-]{43}$/.exec(key);
  return match ? `key_${match[1]}` : undefined;
}

/** The secret has 256 random bits: a plain hash hides it as well as a slow one would. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Takes as long for a wrong key as for the right one. */
export function matches(hash: Buffer, key: string): boolean {
  const given = hashKey(key);
  return hash.length === given.length && timingSafeEqual(hash, given);
}

export function checkApiKey(input: {
  name: string;
  scopes: readonly ApiScope[];
}):
  | { name: string; scopes: ApiScope[]; errors: [] }
  | { errors: Refusal<'InvalidInput'>[]; name?: undefined } {
  const errors: Refusal<'InvalidInput'>[] = [];
  const name = input.name.normalize('NFC').trim();
  if (name.length < 1 || name.length > 60 || /[\p{Cc}\p{Cs}]/u.test(name))
    errors.push(invalidInput('A name has 1 to 60 characters.', 'name'));
  const scopes = API_SCOPES.filter((scope) => input.scopes.includes(scope));
  if (scopes.length === 0) errors.push(invalidInput('A key needs at least one scope.', 'scopes'));
  return errors.length > 0 ? { errors } : { name, scopes, errors: [] };
}
