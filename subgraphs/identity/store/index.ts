import type { Region } from '@aisle/platform/identity';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { Address, AddressFields } from '../domain/address.ts';
import type { KnownToken, Session } from '../domain/session.ts';
import type { Account, AccountRole } from '../domain/user.ts';

export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly region: Region;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

/** Accounts of all regions; an id tells where to look. */
export interface Accounts {
  find(id: string): Promise<Account | undefined>;
  findMany(ids: readonly string[]): Promise<Map<string, Account>>;
  /** By normalised e-mail, in whichever region. */
  credentials(email: string): Promise<{ account: Account; passwordHash: string } | undefined>;
  isTaken(email: string): Promise<boolean>;
  /** Stores account, session and `UserRegistered` together. @returns false when the e-mail has an account. */
  register(account: NewAccount, session: NewSession): Promise<boolean>;
  updateHash(id: string, passwordHash: string): Promise<void>;
  /** Saves roles when the account still has `expectedVersion`; records who did it. @returns the account, or undefined on a conflict. */
  saveRoles(account: Account, roles: RolesChange): Promise<Account | undefined>;
}

export interface RolesChange {
  readonly role: AccountRole;
  readonly granted: boolean;
  readonly roles: readonly AccountRole[];
  readonly sellerId: string | null;
  readonly by: string;
  readonly at: Date;
}

export interface NewSession {
  readonly id: string;
  readonly subject: string;
  readonly tokenHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface Sessions {
  start(region: Region, session: NewSession): Promise<void>;
  token(region: Region, hash: Buffer): Promise<KnownToken | undefined>;
  /** Marks `hash` as used and stores its successor. @returns false when somebody used it meanwhile. */
  rotate(
    region: Region,
    step: { sessionId: string; hash: Buffer; next: Buffer; now: Date; expiresAt: Date },
  ): Promise<boolean>;
  /** Live sessions, the latest first. */
  list(subject: string, now: Date): Promise<Session[]>;
  /** Ends live sessions of the subject (one, or all). @returns their ids. */
  end(subject: string, why: string, now: Date, sessionId?: string): Promise<string[]>;
  /** Deletes sessions that ended or expired before `before`, at most `limit` per region. @returns how many. */
  sweep(before: Date, limit: number): Promise<number>;
}

export interface Addresses {
  list(userId: string): Promise<Address[]>;
  find(id: string): Promise<Address | undefined>;
  /** @returns undefined when the user has `max` addresses already. */
  add(
    address: { id: string; userId: string; fields: AddressFields; makeDefault: boolean; now: Date },
    max: number,
  ): Promise<Address | undefined>;
  update(id: string, userId: string, fields: AddressFields): Promise<Address | undefined>;
  remove(id: string, userId: string): Promise<Address | undefined>;
  setDefault(id: string, userId: string): Promise<Address | undefined>;
}

/** Argon2id with bounded concurrency. */
export interface Passwords {
  /** @throws BusyError when too many wait, or `deadline` (epoch ms) would pass. */
  hash(password: string, deadline: number): Promise<string>;
  /** Takes as long without a hash as with one: whether an account exists cannot be timed. */
  verify(hash: string | undefined, password: string, deadline: number): Promise<boolean>;
  needsRehash(hash: string): boolean;
}

export class BusyError extends Error {}

/** Counts sign-in tries per account and network address, whether the account exists or not. */
export interface Attempts {
  /** Counts a try before it is made. @returns seconds to wait, 0 when it may go ahead. */
  take(account: string, address: string | undefined): Promise<number>;
  /** A try succeeded: forget the failures. */
  clear(account: string, address: string | undefined): Promise<void>;
}

/** Sessions that ended, each remembered for as long as an access token of it could still be valid. */
export interface Revocations {
  add(sessionIds: readonly string[], now: number): Promise<void>;
  list(now: number): Promise<string[]>;
  has(sessionId: string): Promise<boolean>;
}

export interface TokenClaims {
  readonly subject: string;
  readonly kind: 'user' | 'guest';
  readonly roles: readonly string[];
  readonly region: Region;
  readonly sellerId?: string | null;
  readonly sessionId: string;
}

export interface AccessTokens {
  /** Seconds an access token lives. */
  readonly lifetime: number;
  sign(claims: TokenClaims, now: number): Promise<string>;
  /** Public keys, RFC 7517. */
  jwks(): { keys: Record<string, unknown>[] };
}

export interface Ports {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly addresses: Addresses;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  readonly revocations: Revocations;
  readonly accessTokens: AccessTokens;
  /** Keyed hash of a normalised e-mail: for lookups and counters outside the person's region. */
  readonly emailHash: (email: string) => Buffer;
  /** Relayed while the context runs. */
  readonly outbox: PostgresOutbox;
  /** @throws when a database does not answer. */
  ping(): Promise<void>;
}
