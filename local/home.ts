import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainDisk, SetupError } from './errors.ts';
import { tryLock } from './lock.mjs';

/** What a running instance says about itself to the tools that work on its data (audit, seed, dlq, subgraph). */
export interface Instance {
  pid: number;
  mode: string;
  /** The router's GraphQL address; absent until it is ready. */
  url?: string;
  /** The given servers that keep its data (`Stores.elsewhere`). */
  elsewhere: string;
  /** Environment of its subgraphs: addresses of the stores, and keys. */
  env: Record<string, string>;
}

const instanceFile = (home: string) => join(home, 'run', 'instance.json');

/**
 * Makes the data folder and takes it for this process; what is taken is given back by `release`, or by dying.
 * @param what the command that takes it, for the message to a second one
 */
export function takeHome(home: string, what: string): { release(): void } {
  try {
    mkdirSync(join(home, 'run'), { recursive: true });
    const lock = tryLock(join(home, 'run', 'home.lock'), what);
    if (lock.release) return lock;
    const { pid, note } = lock.heldBy;
    throw new SetupError(
      `${home} is in use by process ${pid} (${note}); stop that one, or set AISLE_HOME and PORT to run a second instance.`,
    );
  } catch (error) {
    throw error instanceof SetupError ? error : explainDisk(home, error);
  }
}

/** Tells the tools how to reach this home's stores. Readable by its owner only: it holds the keys. */
export function announce(home: string, instance: Instance): void {
  const file = instanceFile(home);
  writeFileSync(`${file}.new`, JSON.stringify(instance, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function withdraw(home: string): void {
  rmSync(instanceFile(home), { force: true });
}

/** The instance that runs on this home, or undefined. */
export function runningInstance(home: string): Instance | undefined {
  try {
    const instance = JSON.parse(readFileSync(instanceFile(home), 'utf8')) as Instance;
    process.kill(instance.pid, 0);
    return instance;
  } catch {
    return undefined;
  }
}

const elsewhereFile = (home: string) => join(home, 'run', 'elsewhere');

/** Remembers that data of this home lie on given servers, which `npm run reset` does not clear. */
export function noteElsewhere(home: string, elsewhere: string): void {
  if (elsewhere) writeFileSync(elsewhereFile(home), elsewhere);
}

export function notedElsewhere(home: string): string {
  const file = elsewhereFile(home);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
