import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './errors.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export type Mode = 'single' | 'distributed';

export interface Settings {
  /** Data folder, absolute. AISLE_HOME, @default `.data` of the repository */
  home: string;
  /** The router's port. PORT, @default 4000 */
  port: number;
  /** AISLE_MODE, @default single */
  mode: Mode;
  /** Whether a first start fills the stores. AISLE_SEED=demo|none, @default demo */
  seed: boolean;
}

/** AISLE_HOME of the environment, absolute. A relative one is relative to where the command was typed. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  // npm runs scripts in the repository's root and keeps the folder of the person in INIT_CWD.
  return env.AISLE_HOME ? resolve(env.INIT_CWD ?? '.', env.AISLE_HOME) : resolve(ROOT, '.data');
}

/** @throws SetupError */
export function readPort(name: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new SetupError(`${name} must be a number from 0 to 65535 and is "${text}".`);
}

/** @throws SetupError naming what is wrong and what is allowed */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const port = readPort('PORT', env.PORT || '4000');
  const mode = env.AISLE_MODE || 'single';
  if (mode !== 'single' && mode !== 'distributed') {
    throw new SetupError(`AISLE_MODE must be "single" or "distributed" and is "${mode}".`);
  }
  const seed = env.AISLE_SEED || 'demo';
  if (seed !== 'demo' && seed !== 'none') {
    throw new SetupError(`AISLE_SEED must be "demo" or "none" and is "${seed}".`);
  }
  return { home: homeFolder(env), port, mode, seed: seed === 'demo' };
}
