import { createMemoryBus } from '@aisle/platform/bus';
import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import { type Commands, createLifecycle, openPlatform, type Platform } from '@aisle/platform/service';
import { createMeter } from '@aisle/platform/telemetry';
import { loadContexts } from './contexts.ts';

export interface Platforms {
  /** @throws for a name that is no subgraph */
  platformFor(name: string): Platform;
  close(): Promise<void>;
}

const noCommands: Commands = {
  send: () => Promise.reject(new Error('Tools that read or fill the stores send no commands.')),
};

/**
 * Every context's way to its stores, migrated, without the contexts themselves: for seeding and for the auditor.
 * @param env addresses of the stores, as `runningInstance(home).env` or `startStores` give them
 */
export async function openPlatforms(env: Env, log: Log): Promise<Platforms> {
  const lifecycle = createLifecycle();
  const platforms = new Map<string, Platform>();
  const bus = createMemoryBus({ producers: [], consumers: [] });
  const open = async ({ name, definition }: Awaited<ReturnType<typeof loadContexts>>[number]) => {
    const options = { env, log, meter: createMeter(), bus, commands: noCommands, maxConnections: 4 };
    const { platform, close } = await openPlatform(definition, options);
    lifecycle.add(name, close);
    platforms.set(name, platform);
  };
  const results = await Promise.allSettled((await loadContexts()).map(open));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) {
    await lifecycle.stop();
    throw failure.reason;
  }
  return {
    platformFor(name) {
      const platform = platforms.get(name);
      if (!platform) throw new RangeError(`There is no subgraph "${name}".`);
      return platform;
    },
    close: () => lifecycle.stop(),
  };
}
