import type { Clock } from '@aisle/platform/clock';
import { withDeadline } from '@aisle/platform/resilience';
import type { Meter } from '@aisle/platform/telemetry';
import { createResponseCache, outdatingEngine, type ResponseCache } from '../cache/index.ts';
import type { Engine, EngineOptions } from '../engine/index.ts';
import type { LiveSettings, Reconfigurable } from './live-settings.ts';
import type { RouterOptions } from './options.ts';

/** The cache of subgraph answers as the settings have it at the moment. */
export interface RouterCache extends Pick<ResponseCache, 'invalidate' | 'close'> {
  isOn(): boolean;
  /** For an engine under these settings. */
  engineOptions(settings: Reconfigurable): Pick<EngineOptions, 'caching'>;
  /** The engine, with mutations that outdate what they change. */
  around(engine: Engine, settings: Reconfigurable): Engine;
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
  const cacheOf = ({ cache = { enabled: false } }: Reconfigurable) => cache;
  const settings = () => cacheOf(live.current);
  const cache = createResponseCache({ store: cacheStore, settings, ...platform });
  const isOn = (under: Reconfigurable) => cacheOf(under).enabled !== false;
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
    isOn: () => isOn(live.current),
    engineOptions: (under) =>
      isOn(under) ? { caching: (supergraph) => cache.caching(supergraph, cacheOf(under)) } : {},
    around: (engine, under) =>
      isOn(under) ? outdatingEngine(engine, cacheOf(under).mutations, outdate) : engine,
  };
}
