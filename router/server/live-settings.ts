import { DEFAULT_LIMITS, type Limits } from '../limits/index.ts';
import type { RouterOptions } from './options.ts';
import { type Traffic, trafficOf } from './traffic/settings.ts';

/** What can be changed while the router runs. */
export type Reconfigurable = Pick<
  RouterOptions,
  'limits' | 'traffic' | 'subgraphs' | 'routingUrls' | 'corsOrigins' | 'cache'
>;

/** Settings with their defaults. */
export interface CompleteSettings {
  readonly limits: Limits;
  readonly traffic: Traffic;
  readonly current: Reconfigurable;
}

/** Settings that everyone reads at each use, so that a change counts from the next request on. `limits` is always the same object. */
export interface LiveSettings extends CompleteSettings {
  /** What these would be in force, for an engine to be made with first. */
  complete(settings: Reconfigurable): CompleteSettings;
  /** Puts them in force. */
  change(settings: CompleteSettings): void;
}

export function createLiveSettings(options: Reconfigurable & Pick<RouterOptions, 'mode'>): LiveSettings {
  const production = options.mode === 'production';
  const complete = (settings: Reconfigurable): CompleteSettings => ({
    limits: { ...DEFAULT_LIMITS, ...settings.limits },
    traffic: trafficOf(settings.traffic, production),
    current: settings,
  });
  const live = {
    ...complete(options),
    complete,
    change({ limits, traffic, current }: CompleteSettings) {
      Object.assign(live.limits, limits);
      live.traffic = traffic;
      live.current = current;
    },
  };
  return live;
}
