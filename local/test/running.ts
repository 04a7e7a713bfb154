import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { temporaryFolder, until } from '../../test/testkit/index.ts';
import { ROOT } from '../settings.ts';

/** One of the commands of package.json, as a person would have it running. */
export interface Running {
  readonly child: ChildProcess;
  /** Everything it has printed. */
  output(): string;
  /** Resolves with the exit code (or the signal's name) when it has ended. */
  readonly ended: Promise<number | string>;
  ready(ms?: number): Promise<string>;
}

export interface CommandOptions {
  home: string;
  port?: number;
  env?: NodeJS.ProcessEnv;
  /** Through npm itself, as people type it. @default false, which is the script that npm runs */
  npm?: boolean;
}

/** Runs `npm run <script>` on a home of its own, without the stores of this test run. */
export function command(script: string, args: string[], options: CommandOptions): Running {
  const given = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE_URL|REDIS_URL|MONGODB_URL|AWS_|AISLE_|NODE_TEST|npm_)/.test(name),
  );
  const env = {
    ...Object.fromEntries(given),
    AISLE_HOME: options.home,
    PORT: String(options.port ?? 0),
    ...options.env,
  };
  const [program, ...rest] = options.npm
    ? ['npm', 'run', '--silent', script, '--', ...args]
    : [process.execPath, join(ROOT, 'local/bootstrap.mjs'), scriptFile(script), ...args];
  const child = spawn(program!, rest, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed += chunk;
    });
  }
  let over = false;
  const ended = new Promise<number | string>((done) => {
    child.once('close', (code, signal) => {
      over = true;
      done(code ?? signal ?? 'unknown');
    });
  });
  const ready = async (ms = 90_000): Promise<string> => {
    const url = () => /^ready (\S+)$/m.exec(printed)?.[1];
    await until(() => url() ?? over, { ms, what: 'ready' });
    const found = url();
    if (!found) throw new Error(`It ended before it was ready:\n${printed}`);
    return found;
  };
  return { child, output: () => printed, ended, ready };
}

function scriptFile(script: string): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return scripts[script]!.split(' ').at(-1)!;
}

/** Command lines of all processes that belong to a home by their arguments, environment or folder. Linux only. */
export function processesOf(home: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  )) {
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
      // Some servers write over their arguments and environment; their folder stays.
      const folder = readlinkSync(`/proc/${pid}/cwd`);
      if (args && (args.includes(home) || env.includes(`AISLE_HOME=${home}`) || folder.startsWith(home)))
        found.push(`${pid} ${args}`);
    } catch {
      // It has ended meanwhile, or is not ours to look at.
    }
  }
  return found;
}

export const hasProc = existsSync('/proc/self/environ');

/** Asks a running router. */
export async function ask<T = Record<string, unknown>>(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<{ data?: T; errors?: { message: string }[] }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  return (await response.json()) as { data?: T; errors?: { message: string }[] };
}

/** A folder for the tests of a file, with a home in it; it goes, and whatever still runs in it, once they are over. */
export async function folderForTests(): Promise<{ readonly path: string; readonly home: string }> {
  const folder = await temporaryFolder();
  after(async () => {
    for (const line of processesOf(folder.path)) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
    await folder[Symbol.asyncDispose]();
  });
  return { path: folder.path, home: join(folder.path, 'home') };
}
