import { join } from 'node:path';
import type { Env } from '@aisle/platform/config';
import { type Caller, isRegion, type Role } from '@aisle/platform/identity';
import { errorFields, type Log } from '@aisle/platform/log';
import type { Commands, OperationHost, TypedDocument } from '@aisle/platform/service';
import type { Meter } from '@aisle/platform/telemetry';
import { parse } from 'graphql';
import { openRedisStore } from '../../router/cache/index.ts';
import type { RunningRouter } from '../../router/server/index.ts';
import { startRouter } from '../../router/server/index.ts';
import { ROOT } from '../settings.ts';
import { CACHE } from './cache.ts';
import { demoLogins } from './demo-logins.ts';
import { samples } from './samples.ts';

export interface AisleRouterOptions {
  readonly port: number;
  readonly env: Env;
  readonly log: Log;
  /** Addresses of the subgraphs' GraphQL endpoints, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Subgraphs of this process. */
  readonly hosts?: Readonly<Record<string, OperationHost>>;
  /** The router's own questions to identity and sellers. */
  readonly commands: Commands;
  /** @default the committed one */
  readonly supergraphFile?: string;
  readonly meter?: Meter;
  /** Whether the explorer offers to sign in as the demo accounts. */
  readonly demo?: boolean;
}

/** Milliseconds between two looks at the sessions that ended early: how long a logged-out token may still be good. */
const REVOCATIONS_MS = 500;
const PATIENCE_MS = 2_000;

/** The general router, told what is particular to Aisle: whose tokens, whose API keys, which sessions have ended. */
export async function startAisleRouter(options: AisleRouterOptions): Promise<RunningRouter> {
  const { port, env, log, urls, hosts, commands, supergraphFile, meter } = options;
  const revocations = watchRevocations(commands, log);
  const identity = urls.identity;
  const supergraph = { file: supergraphFile ?? join(ROOT, 'schema/supergraph.graphql') };
  const router = await startRouter({
    supergraph,
    port,
    mode: env.NODE_ENV === 'production' ? 'production' : 'development',
    routingUrls: urls,
    log,
    isSessionRevoked: revocations.has,
    // Both begin with what happens from now on; an order's progress begins with its first step.
    traffic: {
      sharedSubscriptions: ['stockChanged', 'cartChanged'],
      startCursors: {
        stockChanged: 'stockCursor',
        cartChanged: 'cartCursor',
        orderProgress: 'orderProgressCursor',
      },
    },
    ...(env.REDIS_URL && { cache: CACHE, cacheStore: openRedisStore({ url: env.REDIS_URL, log }) }),
    ...(env.ROUTER_INVALIDATION_KEY && { invalidationKey: env.ROUTER_INVALIDATION_KEY }),
    resolveApiKey: (key) => resolveApiKey(commands, key),
    ...(hosts && { hosts }),
    ...(meter && { meter }),
    ...(env.AISLE_ENVELOPE_KEY && { envelopeKey: env.AISLE_ENVELOPE_KEY }),
    ...(identity && { jwks: { url: new URL('/.well-known/jwks.json', identity).href } }),
    registeredOperations: {
      file: join(ROOT, 'schema/operations.json'),
      only: env.AISLE_REGISTERED_ONLY === 'true',
    },
    samples: samples(),
    ...(options.demo && { demoLogins }),
  }).catch((error: unknown) => {
    revocations.stop();
    throw error;
  });
  return {
    ...router,
    stop: async () => {
      revocations.stop();
      await router.stop();
    },
  };
}

interface Principal {
  keyId: string;
  sellerId: string;
  region: string;
  roles: string[];
  scopes: string[];
}

const RESOLVE_API_KEY = parse(`query ResolveApiKey($key: String!) {
  resolveApiKey(key: $key) { keyId sellerId region roles scopes }
}`) as TypedDocument<{ resolveApiKey: Principal | null }, { key: string }>;

async function resolveApiKey(commands: Commands, key: string): Promise<Caller | undefined> {
  const { resolveApiKey: found } = await commands.send(
    RESOLVE_API_KEY,
    { key },
    { to: 'sellers', idempotent: true },
  );
  const region = found?.region.toLowerCase();
  if (!found || !isRegion(region)) return undefined;
  // The key acts for the seller, not for the person who owns it: their cart, orders and addresses are none of its business.
  const { keyId: subject, sellerId, scopes } = found;
  return { kind: 'user', subject, roles: found.roles as Role[], region, sellerId, scopes };
}

const REVOKED_SESSIONS = parse('query RevokedSessions { revokedSessions }') as TypedDocument<
  { revokedSessions: string[] },
  Record<string, never>
>;

/** Keeps the list of ended sessions at hand; while identity is down the last one known stays good. */
function watchRevocations(commands: Commands, log: Log): { has(session: string): boolean; stop(): void } {
  let ended: ReadonlySet<string> = new Set();
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const options = { to: 'identity', timeoutMs: PATIENCE_MS, idempotent: true };
      const { revokedSessions } = await commands.send(REVOKED_SESSIONS, {}, options);
      ended = new Set(revokedSessions);
    } catch (error) {
      log.warn('ended sessions unknown', errorFields(error));
    } finally {
      looking = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), REVOCATIONS_MS);
  timer.unref();
  return { has: (session) => ended.has(session), stop: () => clearInterval(timer) };
}
