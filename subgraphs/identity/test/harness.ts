import type { Caller, Region } from '@aisle/platform/identity';
import { service } from '@aisle/platform/identity';
import { decodeJwt } from 'jose';
import { type Component, startComponent } from '../../../test/testkit/subgraph.ts';
import identity from '../index.ts';
import type { Ports } from '../store/index.ts';

export type Harness = Component<Ports>;

/** The identity context on real stores of its own, called as the router calls it. */
export const startIdentity = (env: Record<string, string> = {}): Promise<Harness> =>
  startComponent(identity, { env });

/** The caller that the router makes of an access token. */
export function callerOf(accessToken: string): Caller {
  const claims = decodeJwt<{
    kind: 'user';
    roles: Caller['roles'];
    region: Region;
    seller?: string;
    sid: string;
  }>(accessToken);
  return {
    kind: claims.kind,
    subject: claims.sub!,
    roles: claims.roles,
    region: claims.region,
    ...(claims.seller && { sellerId: claims.seller }),
    sessionId: claims.sid,
    expiresAt: claims.exp!,
  };
}

export const asService = (name: string): Caller => service(name);

export const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) {
  user { id email name region roles createdAt addresses { id } } tokens { accessToken refreshToken expiresAt refreshExpiresAt }
  errors { __typename code message path } } }`;

export const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) {
  user { id roles sellerId } tokens { accessToken refreshToken }
  errors { __typename code path ... on TooManyAttempts { retryAfterSeconds } } } }`;

export const REFRESH = `mutation ($refreshToken: String!) { refresh(input: { refreshToken: $refreshToken }) {
  user { id } tokens { accessToken refreshToken } errors { __typename code path } } }`;

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly caller: Caller;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export const PASSWORD = 'correct horse battery';

/** Registers a person and acts as them. */
export async function register(harness: Harness, email: string, region: Region = 'eu'): Promise<Person> {
  const input = { email, password: PASSWORD, name: 'Test Person', region: region.toUpperCase() };
  const { data, errors } = await harness.run(REGISTER, { input });
  const payload = data?.register;
  if (!payload?.tokens) throw new Error(`Registration failed: ${JSON.stringify(errors ?? payload)}`);
  const { accessToken, refreshToken } = payload.tokens;
  return { id: payload.user.id, email, caller: callerOf(accessToken), accessToken, refreshToken };
}

/** Signs in again and acts with the roles of now. */
export async function login(harness: Harness, email: string): Promise<Person> {
  const { data } = await harness.run(LOGIN, { input: { email, password: PASSWORD } });
  const { user, tokens } = data.login;
  return { id: user.id, email, caller: callerOf(tokens.accessToken), ...tokens };
}

/** Makes a person an admin the way an operator does: in the database. */
export async function registerAdmin(harness: Harness, email: string): Promise<Person> {
  const person = await register(harness, email, 'us');
  const account = await harness.ports.accounts.find(person.id);
  await harness.ports.accounts.saveRoles(account!, {
    role: 'admin',
    granted: true,
    roles: ['customer', 'staff', 'admin'],
    sellerId: null,
    by: 'operator',
    at: new Date(harness.clock.now()),
  });
  return login(harness, email);
}
