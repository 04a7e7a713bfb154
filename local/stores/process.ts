import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../errors.ts';
import { lastLine } from './find.ts';

const KEEPER = fileURLToPath(new URL('keeper.sh', import.meta.url));
/** How long a store has to write its data and leave before its process group is killed. */
const GRACE_SECONDS = 20;

export interface StoreProcess {
  /** Process id of the keeper, which leads the store's process group. */
  pid: number;
  /** Resolves with what happened when the store has ended, wanted or not. */
  exited: Promise<string>;
  /** Asks the store to end, waits for it; kills its group after the grace. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StoreCommand {
  name: string;
  home: string;
  command: string[];
  /** What the store takes as "write everything and leave". */
  signal: 'INT' | 'TERM';
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** Path of the file that gets everything a store prints. */
export function logFile(home: string, name: string): string {
  return join(home, 'logs', `${name}.log`);
}

/** Starts a store under its keeper, with its output in AISLE_HOME/logs. */
export function startProcess({ name, home, command, signal, env, cwd }: StoreCommand): StoreProcess {
  mkdirSync(join(home, 'logs'), { recursive: true });
  const log = openSync(logFile(home, name), 'a');
  const child = spawn('/bin/sh', [KEEPER, signal, String(GRACE_SECONDS), ...command], {
    detached: true,
    stdio: ['pipe', log, log],
    env: env ?? process.env,
    cwd: cwd ?? home,
  });
  closeSync(log);
  child.stdin?.on('error', () => {});
  const exited = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, by) => done(by ? `ended by ${by}` : `ended with code ${code}`));
  });
  void exited.then(() => killGroup(child.pid));
  // A store does not hold its supervisor: the keeper ends it when the supervisor leaves.
  child.unref();
  (child.stdin as Socket | null)?.unref();
  return { pid: child.pid ?? 0, exited, stop: () => stop(child, exited) };
}

async function stop(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.ref();
  child.stdin?.end();
  const fuse = setTimeout(() => killGroup(child.pid), (GRACE_SECONDS + 3) * 1000);
  await exited;
  clearTimeout(fuse);
}

/** Ends a store's process group at once, keeper and all. */
export function killGroup(pid: number | undefined): void {
  if (!pid) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty: everything has ended already.
  }
}

/**
 * Waits until `check` passes. Gives up at the deadline, or at once if the store ends, with a sentence that says
 * where its log is and what its last line was.
 */
export async function waitHealthy(
  store: StoreProcess,
  { name, home, ms }: { name: string; home: string; ms: number },
  check: () => Promise<unknown>,
): Promise<void> {
  const until = Date.now() + ms;
  let ended: string | undefined;
  void store.exited.then((how) => {
    ended = how;
  });
  let last = 'no answer';
  while (Date.now() < until && !ended) {
    try {
      await check();
      return;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const how = ended ?? `was not usable within ${ms / 1000} s, ${last}`;
  await store.stop();
  const log = logFile(home, name);
  const said = lastLine(readFileSync(log, 'utf8').slice(-4000));
  throw new SetupError(`${name} did not start: it ${how} (${said}); its log is ${log}.`);
}

/**
 * @param setting what the port was given by
 * @throws SetupError when something listens on the port already, or this user may not
 */
export async function assertPortFree(port: number, setting = 'PORT'): Promise<void> {
  const why = port === 0 ? undefined : await whyNotFree(port);
  if (why === 'EACCES')
    throw new SetupError(`Port ${port} is for root only on this machine; set ${setting} to 1024 or more.`);
  if (why)
    throw new SetupError(`Port ${port} is taken; stop what uses it, or set ${setting} to another one.`);
}

const isFree = async (port: number) => (await whyNotFree(port)) === undefined;

/** The code of the error that a server gets which listens there, if it gets one. */
function whyNotFree(port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(undefined)));
  });
}

/**
 * Ports below those that systems give to outgoing connections (from 32 768 on Linux): one of those may be free now and
 * the near end of somebody's connection by the time a server takes it.
 */
const [LOWEST, HIGHEST] = [20_000, 32_000];
const MAX_PROBES = 100;

/** A free port on loopback. */
export async function freePort(): Promise<number> {
  for (let probes = 0; probes < MAX_PROBES; probes++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new SetupError(`No port between ${LOWEST} and ${HIGHEST} is free on 127.0.0.1.`);
}

const portFile = (home: string, name: string) => join(home, 'run', `${name}.port`);

/**
 * The port this home's store had last time if that is free, else a new one; remembered for next time. One that another
 * part of this home has is not free, though nobody listens there yet: PORT above all, which `keepPort` notes.
 */
export async function keptPort(home: string, name: string): Promise<number> {
  const file = portFile(home, name);
  mkdirSync(join(home, 'run'), { recursive: true });
  const others = portsOfOthers(home, file);
  let port = notedPort(file);
  while (!(port > 1023 && port < 65_536 && !others.has(port) && (await isFree(port))))
    port = await freePort();
  writeFileSync(file, String(port));
  return port;
}

/** Notes a port that a part of this home takes later, so that no other part is given it; 0 for one that does not matter. */
export function keepPort(home: string, name: string, port: number): void {
  writeFileSync(portFile(home, name), String(port));
}

function portsOfOthers(home: string, file: string): Set<number> {
  const files = readdirSync(join(home, 'run')).map((name) => join(home, 'run', name));
  return new Set(files.filter((path) => path.endsWith('.port') && path !== file).map(notedPort));
}

/** 0 when none was noted. */
function notedPort(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

/** Forgets the remembered port, for a store that found it taken between the check and its own start. */
export function forgetPort(home: string, name: string): void {
  rmSync(portFile(home, name), { force: true });
}
