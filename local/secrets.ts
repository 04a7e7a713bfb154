import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of AISLE_HOME/secrets: made on first use by `make`, readable by its owner only, then kept. */
export function homeFile(home: string, name: string, make: () => string): string {
  const folder = join(home, 'secrets');
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) {
    // Linked into place whole, so that two starters at once end up with the same secret.
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, make(), { mode: 0o600 });
    try {
      linkSync(fresh, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    rmSync(fresh, { force: true });
  }
  return readFileSync(path, 'utf8');
}

/** 256 random bits in base64url, one per home and name. */
export function homeSecret(home: string, name: string): string {
  return homeFile(home, name, () => randomBytes(32).toString('base64url'));
}
