import { z } from 'zod';
import { DEFAULT_LIMITS, type Limits } from '../limits/index.ts';

const limits = z.strictObject(
  Object.fromEntries(
    Object.keys(DEFAULT_LIMITS).map((name) => [name, z.number().int().positive().optional()]),
  ) as Record<keyof Limits, z.ZodOptional<z.ZodNumber>>,
);

const secretFree = z.url({ protocol: /^(https?|wss?)$/ });

const count = z.number().int().min(0).optional();

/** As `SubgraphSettings`, same names and units. */
const subgraph = z.strictObject({
  timeout: z.number().int().positive().optional(),
  connections: z.number().int().positive().optional(),
  concurrency: z.number().int().positive().optional(),
  queue: count,
  retries: z.number().int().min(0).max(3).optional(),
  deduplicate: z.boolean().optional(),
  breakerFailures: count,
  breakerOpen: count,
  maxResponseBytes: z.number().int().positive().optional(),
  subscriptions: z.enum(['graphql-ws', 'sse', 'callback']).optional(),
  subscriptionUrl: secretFree.optional(),
});

/** As `CallbackSettings`, same names and units. */
const callback = z.strictObject({
  publicUrl: secretFree.optional(),
  path: z
    .string()
    .regex(/^\/[\w./-]*\w$/)
    .optional(),
  heartbeat: count,
});

const traffic = z.strictObject({
  /** Equal queries of one identity share one execution, and equal calls to subgraphs one call. */
  deduplicate: z.boolean().optional(),
  /** Subscription fields that begin with what happens from now on. */
  sharedSubscriptions: z.array(z.string()).optional(),
  /** Subscription fields with `after`, and the query field that tells the cursor of now for each. */
  startCursors: z.record(z.string(), z.string()).optional(),
  /** Token bucket per client on operation cost; `false` for none. */
  rateLimit: z
    .union([
      z.literal(false),
      z.strictObject({ capacity: z.number().positive(), perSecond: z.number().positive() }),
    ])
    .optional(),
  /** Load shedding; `false` for none. */
  shedding: z
    .union([
      z.literal(false),
      z.strictObject({
        lag: z.number().positive().optional(),
        heap: z.number().positive().max(1).optional(),
        priorities: z.record(z.string(), z.enum(['low', 'normal', 'high'])).optional(),
      }),
    ])
    .optional(),
});

const seconds = z.number().min(0).max(86_400).optional();

const subgraphCache = z.strictObject({
  enabled: z.boolean().optional(),
  defaultMaxAge: seconds,
  private: z.boolean().optional(),
  staleWhileRevalidate: seconds,
  staleIfError: seconds,
  negativeMaxAge: seconds,
  maxEntryBytes: z.number().int().positive().optional(),
});

/** As `CacheSettings`, same names and units. */
const cache = z.strictObject({
  ...subgraphCache.shape,
  timeout: z.number().int().positive().max(5_000).optional(),
  subgraphs: z.record(z.string(), subgraphCache).optional(),
  mutations: z.record(z.string(), z.array(z.string().min(1)).min(1)).optional(),
});

/** The configuration file of a router on its own. Unknown keys are errors. Secrets are not in it: they come from the environment. */
export const configFile = z.strictObject({
  /** Path of the supergraph, relative to the working folder. */
  supergraph: z.string().min(1).optional(),
  host: z.string().min(1).optional(),
  drainDelay: count,
  port: z.number().int().min(0).max(65_535).optional(),
  mode: z.enum(['development', 'production']).optional(),
  /** Replaces routing URLs of the supergraph, by subgraph. */
  routingUrls: z.record(z.string(), secretFree).optional(),
  /** How subgraphs are called, by name, and `all` for every one. */
  subgraphs: z.record(z.string(), subgraph).optional(),
  /** Where subgraphs with `subscriptions: callback` reach this router. */
  callback: callback.optional(),
  /** Where the public keys of access tokens are. */
  jwks: z.strictObject({ url: secretFree }).optional(),
  issuer: z.string().min(1).optional(),
  audience: z.string().min(1).optional(),
  /** Browser origins that may call: a list, or `*`. */
  corsOrigins: z.union([z.literal('*'), z.array(secretFree)]).optional(),
  /** A module whose export `policies` has the functions behind `@policy`, by name: `(caller) => boolean`. */
  policies: z.string().min(1).optional(),
  /** What becomes of an operation that asks for more than its caller may see. */
  onDenied: z.enum(['null', 'error']).optional(),
  traffic: traffic.optional(),
  /** What is kept of subgraphs' answers, in the Redis of `ROUTER_REDIS_URL`. */
  cache: cache.optional(),
  /** A manifest of registered operations; `only` refuses every other. */
  registeredOperations: z.strictObject({ file: z.string().min(1), only: z.boolean().optional() }).optional(),
  /** Any of the limits of `router/limits/limits.ts`, by the same names and units. */
  limits: limits.partial().optional(),
});

export type FileSettings = z.output<typeof configFile>;
