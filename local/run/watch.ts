import { watch } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What has to be done after some files changed. */
export interface Impact {
  /** Subgraphs to start again. */
  readonly subgraphs: readonly string[];
  readonly router: boolean;
  /** Whether the supergraph has to be composed anew. */
  readonly compose: boolean;
}

/**
 * What a set of changed files touches.
 * @param files paths relative to the repository
 * @param names all subgraphs
 */
export function impactOf(files: readonly string[], names: readonly string[]): Impact {
  const touched = new Set<string>();
  let router = false;
  let compose = false;
  for (const file of files) {
    if (file.includes('.test.') || !/\.(ts|graphql|sql|lua|yaml|json)$/.test(file)) continue;
    const [top, second = ''] = file.split(sep);
    if (top === 'platform') {
      for (const name of names) touched.add(name);
      router = true;
    }
    if (top === 'router') router = true;
    if (top === 'subgraphs' && names.includes(second)) touched.add(second);
    if (file === 'supergraph.yaml' || file.endsWith('schema.graphql')) compose = true;
  }
  return { subgraphs: names.filter((name) => touched.has(name)), router, compose };
}

/** Editors write a file several times, and a checkout many files: what comes close together is one change. */
const SETTLE_MS = 150;

/**
 * Calls `changed` with the files that changed, relative to `root`, one batch after the other.
 * @param places files and folders of `root` that are watched; folders with all below them
 */
export function watchFiles(
  root: string,
  places: readonly string[],
  changed: (files: readonly string[]) => Promise<void>,
): { close(): void } {
  let pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const flush = () => {
    const files = [...pending];
    pending = new Set();
    working = working.then(() => changed(files));
  };
  const watchers = places.map((place) =>
    watch(join(root, place), { recursive: true }, (_event, name) => {
      const path = join(root, place, name && !place.endsWith(name) ? name : '');
      pending.add(relative(root, path));
      clearTimeout(timer);
      timer = setTimeout(flush, SETTLE_MS);
    }),
  );
  for (const watcher of watchers) watcher.on('error', () => {});
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
