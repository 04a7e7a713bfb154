import { createMemoryBus, type MemoryBus } from '@aisle/platform/bus';
import { anonymous, type Caller, type Region, service } from '@aisle/platform/identity';
import { silentLog } from '@aisle/platform/log';
import { type Commands, type RunningSubgraph, startSubgraph } from '@aisle/platform/service';
import { createMeter } from '@aisle/platform/telemetry';
import { parse } from 'graphql';
import { decodeJwt } from 'jose';
import { FakeClock, freshStores } from '../../../test/testkit/index.ts';
import identity from '../index.ts';
import type { Ports } from '../store/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
export type Answer = { data?: any; errors?: readonly any[] };

export interface Harness {
  readonly clock: FakeClock;
  readonly bus: MemoryBus;
  readonly ports: Ports;
  readonly subgraph: RunningSubgraph<Ports>;
  run(
    query: string,
    variables?: Record<string, unknown>,
    caller?: Caller,
    clientAddress?: string,
  ): Promise<Answer>;
  stop(): Promise<void>;
}

const noCommands: Commands = {
  send: () => Promise.reject(new Error('identity sends no commands')),
};

/** The identity context on real stores of its own, called as the router calls it. */
export async function startIdentity(env: Record<string, string> = {}): Promise<Harness> {
  const stores = await freshStores();
  const clock = new FakeClock();
  const bus = createMemoryBus({
    producers: ['identity', 'sellers'],
    consumers: [
      {
        name: 'identity',
        wants: [{ producer: 'sellers', types: ['SellerApproved.v1', 'SellerSuspended.v1'] }],
      },
    ],
  });
  const subgraph = await startSubgraph(identity, {
    env: { ...stores.env, NODE_ENV: 'test', ...env },
    log: silentLog,
    meter: createMeter(),
    bus,
    commands: noCommands,
    clock,
    maxConnections: 4,
  });
  return {
    clock,
    bus,
    ports: subgraph.ports,
    subgraph,
    async run(query, variables = {}, caller = anonymous(), clientAddress = '192.0.2.1') {
      const document = parse(query);
      const [operation] = document.definitions;
      const kind = operation && 'operation' in operation ? operation.operation : 'query';
      const response = await subgraph.host.execute({
        kind,
        query,
        document,
        variables,
        context: {
          caller,
          requestId: 'req_test',
          deadline: Date.now() + 10_000,
          signal: AbortSignal.timeout(10_000),
          clientAddress,
        },
      });
      return JSON.parse(JSON.stringify(response)) as Answer;
    },
    async stop() {
      await subgraph.stop();
      await stores.drop();
    },
  };
}

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
