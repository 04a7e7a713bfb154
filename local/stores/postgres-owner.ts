import { chownSync, statSync } from 'node:fs';
import { SetupError } from '../errors.ts';
import { isOpenToAll, run, which } from './find.ts';

/** PostgreSQL refuses to run as root, so root starts it as somebody else. */
export interface Owner {
  uid?: number;
  gid?: number;
  /** What goes before the command to run it as that user; empty when we are not root. */
  prefix: string[];
}

const ACCOUNT = 'postgres';

/** Hands files to the server's user. */
export function giveTo(owner: Owner, ...paths: string[]): void {
  if (owner.uid === undefined || owner.gid === undefined) return;
  for (const path of paths) chownSync(path, owner.uid, owner.gid);
}

/**
 * Who the server runs as. `paths` are what that user has to reach: where they lie in a folder that only root may
 * enter (a clone in /root), the server gets the one capability to pass through.
 */
export async function serverOwner(paths: string[], log: (line: string) => void): Promise<Owner> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const ids = (await accountIds()) ?? (await createAccount(log));
  const setpriv = which('setpriv');
  if (!setpriv) {
    throw new SetupError(
      'PostgreSQL does not run as root and "setpriv" (util-linux) is missing: run as another user, install it, or set DATABASE_URL.',
    );
  }
  const as = [setpriv, `--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups'];
  const isReachable = paths.every((path) => isOpenToAll(path, statSync));
  // Without the securebit access(2) forgets the capability, and PostgreSQL checks its own files with access(2).
  const pass = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { ...ids, prefix: isReachable ? as : [...as, ...pass] };
}

async function accountIds(): Promise<{ uid: number; gid: number } | undefined> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, ACCOUNT], { ms: 5_000 })));
  if (!uid?.ok || !gid?.ok) return undefined;
  return { uid: Number(uid.output), gid: Number(gid.output) };
}

async function createAccount(log: (line: string) => void): Promise<{ uid: number; gid: number }> {
  log(`Creating the system user "${ACCOUNT}", because PostgreSQL does not run as root.`);
  const args = ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', ACCOUNT];
  const { output } = await run('useradd', args, { ms: 10_000 });
  const ids = await accountIds();
  if (!ids) {
    throw new SetupError(
      `PostgreSQL does not run as root and the user "${ACCOUNT}" could not be created (${output}): run as another user, or set DATABASE_URL.`,
    );
  }
  return ids;
}
