import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../errors.ts';
import { lastLine, run } from './find.ts';
import { giveTo, type Owner } from './postgres-owner.ts';

/** The role that owns every database of a server that we started. */
export const USER = 'aisle';

/**
 * Makes a data folder with a password-protected superuser.
 * It grows under another name and is renamed at the end, so a start that was cut short is made again next time.
 */
export async function initialiseCluster(
  bin: string,
  data: string,
  password: string,
  owner: Owner,
): Promise<void> {
  const fresh = `${data}.new`;
  const passwordFile = `${data}.password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(owner, fresh, passwordFile);
  const flags = ['-D', fresh, '-U', USER, '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const [program = '', ...args] = [
    ...owner.prefix,
    join(bin, 'initdb'),
    ...flags,
    ...locale,
    `--pwfile=${passwordFile}`,
  ];
  const result = await run(program, args, { ms: 120_000, env: { ...process.env, LC_ALL: 'C' } });
  rmSync(passwordFile, { force: true });
  if (!result.ok) {
    rmSync(fresh, { recursive: true, force: true });
    const full = /No space left|Disk quota/i.test(result.output);
    throw new SetupError(
      `PostgreSQL could not be set up: ${full ? 'the disk is full' : lastLine(result.output)}.`,
    );
  }
  renameSync(fresh, data);
}

/**
 * PostgreSQL refuses to start while the process that its pid file names is alive. After a crash, or in a new
 * container, another program may have that id by now, so the file of a dead server is taken away.
 */
export async function removeStalePid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const { ok, output } = await run('ps', ['-o', 'args=', '-p', String(pid)], { ms: 5_000 });
  if (ok && output.includes(data)) {
    throw new SetupError(
      `PostgreSQL of ${data} is still running as process ${pid}; stop that process first.`,
    );
  }
  rmSync(file, { force: true });
}
