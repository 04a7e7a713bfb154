import { DEFAULT_LIMITS, type Limits } from '../limits/index.ts';
import type { RouterOptions } from './options.ts';
import { type Traffic, trafficOf } from './traffic/settings.ts';

/** What can be changed while the router runs. */
export type Reconfigurable = Pick<
  RouterOptions,
  'limits' | 'traffic' | 'subgraphs' | 'routingUrls' | 'corsOrigins' | 'cache'
>;

/** Settings that everyone reads at each use, so that a change counts from the next request on. */
export interface LiveSettings {
  /** Always the same object. */
  readonly limits: Limits;
  readonly traffic: Traffic;
  readonly current: Reconfigurable;
  change(settings: Reconfigurable): void;
}

export function createLiveSettings(options: Reconfigurable & Pick<RouterOptions, 'mode'>): LiveSettings {
  const production = options.mode === 'production';
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const live = {
    limits,
    traffic: trafficOf(options.traffic, production),
    current: options as Reconfigurable,
    change(settings: Reconfigurable) {
      live.current = settings;
      Object.assign(limits, DEFAULT_LIMITS, settings.limits);
      live.traffic = trafficOf(settings.traffic, production);
    },
  };
  return live;
}
