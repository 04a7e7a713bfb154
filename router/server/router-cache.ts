import type { Clock } from '@aisle/platform/clock';
import { withDeadline } from '@aisle/platform/resilience';
import type { Meter } from '@aisle/platform/telemetry';
import { createResponseCache, outdatingEngine, type ResponseCache } from '../cache/index.ts';
import type { Engine, EngineOptions } from '../engine/index.ts';
import type { LiveSettings } from './live-settings.ts';
import type { RouterOptions } from './options.ts';

/** The cache of subgraph answers as the settings have it at the moment. */
export interface RouterCache extends Pick<ResponseCache, 'invalidate' | 'close'> {
  isOn(): boolean;
  /** For the engine that is created next. */
  engineOptions(): Pick<EngineOptions, 'caching'>;
  /** The engine, with mutations that outdate what they change. */
  around(engine: Engine): Engine;
}

/** Milliseconds a mutation's answer waits for what it outdates. */
const OUTDATE_MS = 250;

export function createRouterCache(
  { cacheStore }: Pick<RouterOptions, 'cacheStore'>,
  live: LiveSettings,
  platform: { readonly clock: Clock; readonly meter: Meter },
): RouterCache {
  if (!cacheStore)
    return {
      isOn: () => false,
      engineOptions: () => ({}),
      around: (engine) => engine,
      invalidate: async () => {},
      close: async () => {},
    };
  const settings = () => live.current.cache ?? { enabled: false };
  const cache = createResponseCache({ store: cacheStore, settings, ...platform });
  const isOn = () => settings().enabled !== false;
  const { clock } = platform;
  const outdate = (tags: readonly string[]) =>
    withDeadline(() => cache.invalidate([{ kind: 'tags', tags }], 'mutation'), {
      deadline: clock.now() + OUTDATE_MS,
      name: 'cache',
      clock,
    })
      // The metrics have counted it, and the mutation has happened: it is not to fail for that.
      .catch(() => {});
  return {
    ...cache,
    isOn,
    engineOptions: () => (isOn() ? { caching: cache.caching } : {}),
    around: (engine) => (isOn() ? outdatingEngine(engine, settings().mutations, outdate) : engine),
  };
}
