import type { Clock } from '@aisle/platform/clock';
import type { Meter } from '@aisle/platform/telemetry';
import { createResponseCache, type ResponseCache } from '../cache/index.ts';
import type { EngineOptions } from '../engine/index.ts';
import type { LiveSettings } from './live-settings.ts';
import type { RouterOptions } from './options.ts';

/** The cache of subgraph answers as the settings have it at the moment. */
export interface RouterCache extends Pick<ResponseCache, 'invalidate' | 'close'> {
  isOn(): boolean;
  /** For the engine that is created next. */
  engineOptions(): Pick<EngineOptions, 'caching'>;
}

export function createRouterCache(
  { cacheStore }: Pick<RouterOptions, 'cacheStore'>,
  live: LiveSettings,
  platform: { readonly clock: Clock; readonly meter: Meter },
): RouterCache {
  if (!cacheStore)
    return {
      isOn: () => false,
      engineOptions: () => ({}),
      invalidate: async () => {},
      close: async () => {},
    };
  const settings = () => live.current.cache ?? { enabled: false };
  const cache = createResponseCache({ store: cacheStore, settings, ...platform });
  const isOn = () => settings().enabled !== false;
  return { ...cache, isOn, engineOptions: () => (isOn() ? { caching: cache.caching } : {}) };
}
