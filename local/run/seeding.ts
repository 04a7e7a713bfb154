import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import type { Platform } from '@aisle/platform/service';
import { ROOT } from '../settings.ts';
import { openPlatforms } from './platforms.ts';

interface Seeds {
  seedAll(
    platformFor: (name: string) => Platform,
    options: { log?: (line: string) => void },
  ): Promise<unknown>;
}

/** Fills the stores of a home with the demo marketplace, the first time it is started. */
export async function seedOnce(options: {
  home: string;
  env: Env;
  log: Log;
  say: (line: string) => void;
}): Promise<void> {
  const { home, env, log, say } = options;
  const mark = join(home, 'seeded.json');
  if (existsSync(mark)) return;
  const started = performance.now();
  say('\nFirst start: filling the stores with the demo marketplace …');
  const { seedAll } = (await import(join(ROOT, 'local/seed/index.ts'))) as Seeds;
  const platforms = await openPlatforms(env, log);
  try {
    await seedAll(platforms.platformFor, { log: (line) => say(`  ${line}`) });
  } finally {
    await platforms.close();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  writeFileSync(mark, JSON.stringify({ at: new Date().toISOString(), seconds }));
  say(`  done after ${seconds} s`);
}

export async function demoLogins(): Promise<string[]> {
  return [];
}
