import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lock.mjs';
import { lastLine, run, which } from './find.ts';
import type { StoreContext } from './types.ts';

/** Debian asks this file whether a package may start its service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';
const ENV = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/**
 * Installs a Debian package without letting it start the distribution's own service.
 * @returns why it was not installed, or undefined when it was.
 */
export async function aptInstall(name: string, { cache, log }: StoreContext): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'you are not root';
  if (!which('apt-get')) return 'there is no apt-get here';
  const lock = { waitMs: 10 * 60_000, onWait: () => log(`Waiting for another installation of ${name}.`) };
  return withLock(join(cache, 'apt.lock'), lock, async () => {
    if (which(name)) return undefined;
    log(`Installing ${name} from the distribution …`);
    const hasPolicy = existsSync(POLICY);
    if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    try {
      return await install(name);
    } finally {
      if (!hasPolicy) rmSync(POLICY, { force: true });
    }
  });
}

async function install(name: string): Promise<string | undefined> {
  const args = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', name];
  const first = await run('apt-get', args, { ms: 300_000, env: ENV });
  if (first.ok) return undefined;
  // The usual reason is a package list that is missing (container images) or out of date.
  await run('apt-get', ['update'], { ms: 120_000, env: ENV });
  const second = await run('apt-get', args, { ms: 300_000, env: ENV });
  return second.ok ? undefined : lastLine(second.output);
}
