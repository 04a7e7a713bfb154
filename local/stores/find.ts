import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The full path of a program on the PATH, or undefined. */
export function which(program: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

export interface Ran {
  ok: boolean;
  output: string;
}

/**
 * Runs a program to its end and collects what it printed; never throws.
 * A program that takes longer than `ms` is killed and counts as failed.
 */
export function run(
  program: string,
  args: string[],
  options: { ms: number; env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; gid?: number },
): Promise<Ran> {
  const { ms, ...rest } = options;
  return new Promise((done) => {
    execFile(
      program,
      args,
      { ...rest, timeout: ms, killSignal: 'SIGKILL', maxBuffer: 16 << 20 },
      (error, stdout, stderr) => {
        const timedOut = error?.killed ? `no answer within ${Math.round(ms / 1000)} s` : '';
        done({ ok: !error, output: `${stdout}${stderr}${timedOut}`.trim() || (error?.message ?? '') });
      },
    );
  });
}

/** The major version a program states about itself, from the first number after `pattern`; 0 if it does not run. */
export async function majorVersion(program: string, pattern: RegExp): Promise<number> {
  const { ok, output } = await run(program, ['--version'], { ms: 10_000 });
  return ok ? Number(pattern.exec(output)?.[1] ?? 0) : 0;
}

/** Last line of a program's output, short enough for a sentence. */
export function lastLine(output: string): string {
  return output.split('\n').filter(Boolean).at(-1)?.trim().slice(0, 200) ?? 'it printed nothing';
}

/** True when every folder above `path` may be passed by any user of the machine. */
export function isOpenToAll(path: string, stat: (path: string) => { mode: number }): boolean {
  for (let folder = path; ; folder = join(folder, '..')) {
    if (existsSync(folder) && (stat(folder).mode & 0o001) === 0) return false;
    if (folder === join(folder, '..')) return true;
  }
}
