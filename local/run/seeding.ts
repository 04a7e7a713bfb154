import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import { openPlatforms } from './platforms.ts';

const mark = (home: string) => join(home, 'seeded.json');

/**
 * Whether the stores of a home have been filled.
 * @param elsewhere `Stores.elsewhere`: other servers than last time may be empty ones
 */
export function isSeeded(home: string, elsewhere: string): boolean {
  try {
    const seeded = JSON.parse(readFileSync(mark(home), 'utf8')) as { elsewhere?: string };
    return (seeded.elsewhere ?? '') === elsewhere;
  } catch {
    return false;
  }
}

/** From now on a start leaves these stores as they are. */
export function markSeeded(home: string, elsewhere: string, counts: object): void {
  const seeded = { at: new Date().toISOString(), ...(elsewhere && { elsewhere }), ...counts };
  writeFileSync(mark(home), `${JSON.stringify(seeded)}\n`);
}

export interface SeedingOptions {
  readonly home: string;
  /** `Stores.elsewhere` */
  readonly elsewhere: string;
  readonly env: Env;
  readonly log: Log;
  readonly say: (line: string) => void;
  /** Called between the parts; what it throws ends the seeding. */
  readonly goOn: () => void;
}

/** Fills the stores of a home with the demo marketplace, the first time it is started. A start cut short goes on next time. */
export async function seedOnce({ home, elsewhere, env, log, say, goOn }: SeedingOptions): Promise<void> {
  if (isSeeded(home, elsewhere)) return;
  const started = performance.now();
  say('\nFirst start: filling the stores with the demo marketplace …');
  const { seedAll } = await import('../seed/index.ts');
  const platforms = await openPlatforms(env, log);
  try {
    markSeeded(
      home,
      elsewhere,
      await seedAll(platforms.platformFor, { log: (line) => say(`  ${line}`), goOn }),
    );
  } finally {
    await platforms.close();
  }
  say(`  done after ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Who to sign in as, for people. */
export async function demoLoginLines(): Promise<string[]> {
  return (await import('../seed/index.ts')).demoLogins();
}
