import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '../errors.ts';
import { recordProcess } from '../lock.mjs';
import { previousEnded } from '../stores/boot.ts';
import { lastLine } from '../stores/find.ts';
import { killGroup } from '../stores/process.ts';

export interface WorkerOptions {
  readonly name: string;
  readonly home: string;
  /** Script and arguments. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Told of deaths and restarts. */
  readonly notice: (line: string) => void;
}

export interface Worker {
  readonly name: string;
  readonly pid: number | undefined;
  /** Ends it softly and starts it again; resolves when the new one is ready. */
  restart(): Promise<void>;
  send(message: object): void;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const STOP_MS = 20_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** One that has lived this long has earned a quick restart again. */
const HEALTHY_MS = 20_000;

/**
 * Runs a script of ours as a process, and starts it again, with growing pauses, whenever it ends unasked.
 * The process says `{ ready: true }` over IPC, ends itself when that channel closes, and so never outlives us.
 * @throws SetupError when the first one does not become ready
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { name, notice } = options;
  await previousEnded(options.home, `worker-${name}`);
  // A crash that was asked for (docs of the saga runner) happens once, or the one that recovers would crash in its turn.
  const again = { ...options, env: { ...options.env, AISLE_CRASH_AT: undefined } };
  let stopping = false;
  let pause = FIRST_PAUSE_MS;
  let hurry = new AbortController();
  let starting: Promise<void> | undefined;
  let running = await launch(options);
  watch(running);

  function watch(mine: Launched): void {
    const since = Date.now();
    void mine.exited.then(async (how) => {
      if (stopping || mine !== running) return;
      if (Date.now() - since > HEALTHY_MS) pause = FIRST_PAUSE_MS;
      notice(`${name} ${how}; starting it again.`);
      await startAgain();
    });
  }

  /** At most one of these is under way. */
  function startAgain(): Promise<void> {
    starting ??= tryUntilReady().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function tryUntilReady(): Promise<void> {
    while (!stopping) {
      await sleep(pause, undefined, { signal: hurry.signal }).catch(() => {});
      hurry = new AbortController();
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      if (stopping) return;
      try {
        const next = await launch(again);
        running = next;
        if (stopping) return await end(next);
        watch(next);
        notice(`${name} is ready again.`);
        return;
      } catch (error) {
        notice(error instanceof Error ? error.message : String(error));
      }
    }
  }

  return {
    name,
    get pid() {
      return running.child.pid;
    },
    async restart() {
      pause = FIRST_PAUSE_MS;
      hurry.abort();
      // One that is starting just now may have read the files before they changed.
      await starting;
      const old = running;
      // Not the present one any more, so that its end is nobody's surprise.
      running = { ...old };
      await end(old);
      hurry.abort();
      await startAgain();
    },
    send: (message) => {
      if (running.child.connected) running.child.send(message);
    },
    async stop() {
      stopping = true;
      hurry.abort();
      await starting;
      await end(running);
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly exited: Promise<string>;
}

async function launch({ name, home, args, env }: WorkerOptions): Promise<Launched> {
  const path = join(home, 'logs', `${name}.log`);
  const log = openSync(path, 'a');
  // In a session of its own: Ctrl-C reaches us alone, and we end the parts in their order.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const exited = new Promise<string>((done) => {
    child.once('error', (error) => done(`could not be run: ${error.message}`));
    child.once('exit', (code, signal) => done(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });
  if (child.pid) recordProcess(join(home, 'run', `worker-${name}.pid`), child.pid);
  const ready = new Promise<'ready'>((done) => child.once('message', () => done('ready')));
  const fuse = new AbortController();
  const late = sleep(READY_MS, `was not ready within ${READY_MS / 1000} s`, { signal: fuse.signal });
  const outcome = await Promise.race([ready, exited, late]);
  fuse.abort();
  late.catch(() => {});
  if (outcome === 'ready') return { child, exited };
  await end({ child, exited });
  throw new SetupError(`${name} did not start: it ${outcome} (${complaint(path)}); its log is ${path}.`);
}

async function end({ child, exited }: Launched): Promise<void> {
  child.kill('SIGTERM');
  const fuse = setTimeout(() => killGroup(child.pid), STOP_MS);
  await exited;
  clearTimeout(fuse);
}

/** The last thing it complained of: neither a frame of a stack nor a line of the structured log. */
function complaint(path: string): string {
  const lines = readFileSync(path, 'utf8').slice(-16_000).split('\n');
  return lastLine(lines.filter((line) => /^[A-Z]/.test(line) && !line.startsWith('Node.js v')).join('\n'));
}
