/** What resolvers pass around for the schema's types of the same name. */
import type { Address as StoredAddress } from '../domain/address.ts';
import type { Session as StoredSession } from '../domain/session.ts';
import type { Account } from '../domain/user.ts';

export type User = Account;
export type Address = StoredAddress;
export type Session = StoredSession;
