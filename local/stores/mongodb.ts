import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError, withoutStop } from '../errors.ts';
import { withLock } from '../lock.mjs';
import { lastLine, majorVersion, run, which } from './find.ts';
import { pingMongo, startMongod } from './mongod.ts';
import { startSecantus } from './secantus.ts';
import { givenStore, type StoreContext, type StoreHandle, withoutSecrets } from './types.ts';

/** Transactions and change streams as the code uses them, and what the driver still talks to. */
const MINIMUM_VERSION = 6;
const FETCHED_VERSION = '8.0.12';
const REACH_MS = 3_000;
const DOWNLOAD_MS = 120_000;
const DAY_MS = 24 * 3_600_000;
const FETCH = fileURLToPath(new URL('mongod-fetch.ts', import.meta.url));

/** MongoDB: given by URL → installed mongod → the real mongod fetched → SecantusDB of PyPI. */
export async function startMongodb(context: StoreContext): Promise<StoreHandle> {
  const url = context.env.MONGODB_URL;
  if (url) {
    await pingMongo(url).catch((error: Error) => {
      throw new SetupError(
        `MongoDB at ${withoutSecrets(url)} (MONGODB_URL) cannot be used: ${withoutStop(error.message)}.`,
      );
    });
    return givenStore('mongodb', `MongoDB given by MONGODB_URL, ${withoutSecrets(url)}`, {
      MONGODB_URL: url,
    });
  }
  // The data of a home belongs to the server that made it: the two kinds of server keep different files.
  if (!existsSync(join(context.home, 'secantus'))) {
    const installed = which('mongod');
    const version = installed ? await majorVersion(installed, /v(\d+)\./) : 0;
    if (installed && version >= MINIMUM_VERSION) {
      return startMongod(context, installed, `mongod ${version} installed on this machine`);
    }
    const fetched = await fetchMongod(context);
    if (fetched) return startMongod(context, fetched, `mongod ${FETCHED_VERSION} fetched from mongodb.org`);
  }
  if (existsSync(join(context.home, 'mongodb', 'WiredTiger'))) {
    throw new SetupError(
      `${join(context.home, 'mongodb')} was written by mongod, which is no longer to be had here: put mongod on the PATH, set MONGODB_URL, or clear the home with "npm run reset".`,
    );
  }
  const why = await startSecantus(context);
  if (typeof why !== 'string') return why;
  throw new SetupError(
    'There is no MongoDB for Aisle: set MONGODB_URL (a replica set), or put mongod 6 or newer on the PATH, ' +
      `or let this machine reach fastdl.mongodb.org (mongod) or PyPI with Python 3.10 or newer (SecantusDB: ${why}).`,
  );
}

/** Path of a mongod that was fetched now or before; undefined where it cannot be had. */
async function fetchMongod({ cache, log }: StoreContext): Promise<string | undefined> {
  const folder = join(cache, 'mongod');
  const record = join(folder, `${FETCHED_VERSION}.path`);
  const failure = join(folder, 'unreachable');
  mkdirSync(folder, { recursive: true });
  if (existsSync(record)) return readFileSync(record, 'utf8');
  if (existsSync(failure) && Date.now() - statSync(failure).mtimeMs < DAY_MS) return undefined;
  const lock = { waitMs: DOWNLOAD_MS + 10_000, onWait: () => log('Waiting for another download of mongod.') };
  return withLock(join(cache, 'mongod.lock'), lock, async () => {
    if (existsSync(record)) return readFileSync(record, 'utf8');
    const path = (await isReachable()) ? await download(folder, log) : undefined;
    if (path) {
      writeFileSync(record, path);
      return path;
    }
    // Remembered for a day, so that each start in a closed network does not try again.
    writeFileSync(failure, 'The download of mongod was tried and failed; remove this file to try again.\n');
    return undefined;
  });
}

async function isReachable(): Promise<boolean> {
  try {
    const response = await fetch('https://fastdl.mongodb.org/', {
      method: 'HEAD',
      signal: AbortSignal.timeout(REACH_MS),
    });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

async function download(folder: string, log: (line: string) => void): Promise<string | undefined> {
  log(`Fetching mongod ${FETCHED_VERSION} …`);
  const env = { ...process.env, MONGOMS_PREFER_GLOBAL_PATH: 'false' };
  const args = ['--disable-warning=ExperimentalWarning', FETCH, folder, FETCHED_VERSION];
  const { ok, output } = await run(process.execPath, args, { ms: DOWNLOAD_MS, env });
  const path = ok ? lastLine(output) : '';
  if (path && (await majorVersion(path, /v(\d+)\./)) > 0) return path;
  log(`mongod could not be fetched (${ok ? 'it does not run on this machine' : lastLine(output)}).`);
  if (path) rmSync(path, { force: true });
  return undefined;
}
