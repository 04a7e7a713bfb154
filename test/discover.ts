import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Kinds of tests in the order they run: pure, with stores, the whole system. */
export const KINDS = ['unit', 'int', 'e2e'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * Test files below `root` by kind, sorted; dependencies and dot-folders (.git, .cache, .data) are not entered.
 * @param filter part of the path that a file must have
 */
export function discover(root: string, filter = ''): Record<Kind, string[]> {
  const found: Record<Kind, string[]> = { unit: [], int: [], e2e: [] };
  const enter = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) enter(path);
      const kind = /\.(unit|int|e2e)\.test\.ts$/.exec(entry.name)?.[1] as Kind | undefined;
      if (kind && relative(root, path).includes(filter)) found[kind].push(path);
    }
  };
  enter(root);
  for (const kind of KINDS) found[kind].sort();
  return found;
}
