import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lock.mjs';
import { bootStore } from './boot.ts';
import { lastLine, run, which } from './find.ts';
import { mongoUrl, pingMongo } from './mongod.ts';
import type { StoreContext, StoreHandle } from './types.ts';

/** First version whose transactions, change streams and unique indexes passed our checks; pinned, it is a beta. */
const VERSION = '0.7.0b3';
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/**
 * SecantusDB: a server of MongoDB's wire protocol over WiredTiger, from PyPI in a virtual environment of its own.
 * It has no text indexes and is slow; nothing in the code may know which server it talks to.
 * @returns the running store, or why it cannot be had.
 */
export async function startSecantus(context: StoreContext): Promise<StoreHandle | string> {
  const folder = join(context.cache, `secantus-${VERSION}`);
  const why = await install(folder, context);
  if (why) return why;
  const { home } = context;
  const data = join(home, 'secantus');
  mkdirSync(data, { recursive: true });
  // Run as "python script": the script's own first line names the folder that it was installed in.
  const program = [join(folder, 'bin', 'python3'), join(folder, 'bin', 'secantusd-py')];
  // A bound, not a reservation. With 256M its storage engine comes to a standstill after some 45 000 products.
  const flags = ['--host', '127.0.0.1', '--sync-on-commit', '--cache-size', '1G', '--log-level', 'WARNING'];
  return bootStore({
    name: 'mongodb',
    home,
    notice: context.log,
    choice: `SecantusDB ${VERSION} from PyPI`,
    signal: 'TERM',
    command: (port) => [...program, ...flags, '--port', String(port), '--storage-path', data],
    ready: (port) => pingMongo(mongoUrl(port)),
    env: (port) => ({ MONGODB_URL: mongoUrl(port) }),
  });
}

/** Installs into `folder` once; returns why that is not possible. */
function install(folder: string, { cache, log }: StoreContext): Promise<string | undefined> {
  if (existsSync(folder)) return Promise.resolve(undefined);
  const lock = { waitMs: 10 * 60_000, onWait: () => log('Waiting for another installation of SecantusDB.') };
  return withLock(join(cache, 'secantus.lock'), lock, async () => {
    if (existsSync(folder)) return undefined;
    const python = await findPython();
    if (!python) return 'there is no Python 3.10 or newer';
    log(`mongod cannot be fetched here; installing SecantusDB ${VERSION} from PyPI …`);
    const temporary = `${folder}.${process.pid}`;
    try {
      const venv = await run(python, ['-m', 'venv', temporary], { ms: 120_000 });
      if (!venv.ok) return `no virtual environment could be made: ${lastLine(venv.output)}`;
      const args = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        `SecantusDB==${VERSION}`,
      ];
      const pip = await run(join(temporary, 'bin', 'python3'), args, { ms: 300_000 });
      if (!pip.ok) return `pip failed: ${lastLine(pip.output)}`;
      renameSync(temporary, folder);
      return undefined;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

async function findPython(): Promise<string | undefined> {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  for (const name of PYTHONS) {
    const path = which(name);
    if (path && (await run(path, ['-c', check], { ms: 10_000 })).ok) return path;
  }
  return undefined;
}
