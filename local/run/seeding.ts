import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import { openPlatforms } from './platforms.ts';

const mark = (home: string) => join(home, 'seeded.json');

export function isSeeded(home: string): boolean {
  return existsSync(mark(home));
}

/** From now on a start leaves the stores as they are. */
export function markSeeded(home: string, counts: object): void {
  writeFileSync(mark(home), `${JSON.stringify({ at: new Date().toISOString(), ...counts })}\n`);
}

export interface SeedingOptions {
  readonly home: string;
  readonly env: Env;
  readonly log: Log;
  readonly say: (line: string) => void;
}

/** Fills the stores of a home with the demo marketplace, the first time it is started. A start cut short goes on next time. */
export async function seedOnce({ home, env, log, say }: SeedingOptions): Promise<void> {
  if (isSeeded(home)) return;
  const started = performance.now();
  say('\nFirst start: filling the stores with the demo marketplace …');
  const { seedAll } = await import('../seed/index.ts');
  const platforms = await openPlatforms(env, log);
  try {
    markSeeded(home, await seedAll(platforms.platformFor, { log: (line) => say(`  ${line}`) }));
  } finally {
    await platforms.close();
  }
  say(`  done after ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Who to sign in as, for people. */
export async function demoLoginLines(): Promise<string[]> {
  return (await import('../seed/index.ts')).demoLogins();
}
