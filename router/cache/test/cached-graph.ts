import { systemClock } from '@aisle/platform/clock';
import { createMeter, type Meter } from '@aisle/platform/telemetry';
import { composeSubgraphs } from '../../compose/index.ts';
import type { RequestContext, SubgraphRequest, SubgraphResponse } from '../../engine/index.ts';
import { createEngine } from '../../engine/index.ts';
import { testContext } from '../../fixtures/test-context.ts';
import {
  type CacheSettings,
  type CacheStore,
  createResponseCache,
  memoryStore,
  type ResponseCache,
} from '../index.ts';
import { ResponsePolicy } from '../response-policy.ts';

/** What a subgraph with `@cacheControl` and `@cacheTag` begins with. */
export const CACHE_LINK = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@cacheTag", "@composeDirective", "@requires", "@external", "@authenticated", "@requiresScopes"])
  @link(url: "https://aisle.example/cacheControl/v1.0", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")
directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
enum CacheControlScope { PUBLIC PRIVATE }
`;

export function composeCached(sdl: Readonly<Record<string, string>>): string {
  return composeSubgraphs(
    Object.entries(sdl).map(([name, text]) => ({
      name,
      url: `http://${name}.invalid`,
      file: name,
      sdl: CACHE_LINK + text,
    })),
  ).supergraphSdl;
}

export type Script = (request: SubgraphRequest) => unknown;

export interface CachedGraphOptions {
  readonly settings?: CacheSettings;
  readonly store?: CacheStore;
  readonly supergraphSdl?: string;
}

/** An engine with a cache in front of scripted subgraphs, at a time that only tests move. */
export async function cachedGraph(
  sdl: Readonly<Record<string, string>>,
  scripts: Readonly<Record<string, Script>>,
  options: CachedGraphOptions = {},
) {
  const time = { now: Date.now() };
  const now = () => time.now;
  const meter: Meter = createMeter();
  const store = options.store ?? memoryStore({ now });
  const cache: ResponseCache = createResponseCache({
    store,
    settings: () => options.settings ?? {},
    clock: { ...systemClock, now },
    meter,
  });
  const calls: { subgraph: string; request: SubgraphRequest }[] = [];
  const supergraphSdl = options.supergraphSdl ?? composeCached(sdl);
  const engine = await createEngine({
    supergraphSdl,
    caching: cache.caching,
    transports: (subgraph) => ({
      async execute(request) {
        calls.push({ subgraph, request });
        return structuredClone(await scripts[subgraph]?.(request)) as SubgraphResponse;
      },
      subscribe: () => Promise.reject(new Error('There are no subscriptions here')),
      close: async () => {},
    }),
  });
  const run = async (
    query: string,
    { variables, cacheControl, ...context }: RunOptions = {},
    by = engine,
  ) => {
    const operation = by.prepare(query);
    if ('errors' in operation) throw operation.errors[0];
    const policy = new ResponsePolicy(cacheControl);
    const result = await by.execute(
      operation,
      variables,
      testContext({ deadline: Date.now() + 10_000, ...context, cache: policy }),
    );
    await cache.settled();
    return { ...JSON.parse(JSON.stringify(result)), policy: policy.result } as {
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
      data?: any;
      errors?: { message: string; path?: (string | number)[] }[];
      policy: ResponsePolicy['result'];
    };
  };
  return { engine, cache, store, meter, time, calls, run, supergraphSdl };
}

export interface RunOptions extends Partial<RequestContext> {
  readonly variables?: Record<string, unknown>;
  readonly cacheControl?: string;
}
