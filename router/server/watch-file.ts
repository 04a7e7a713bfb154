import { unwatchFile, watchFile } from 'node:fs';

/** Milliseconds between looks: polling sees what editors and Kubernetes do (rename over, symlink swap) alike. */
const EVERY = 500;

/** Calls `onChange` when the file's content may have changed. */
export function watchContent(file: string, onChange: () => void): { stop(): void } {
  const listener = (now: { mtimeMs: number; size: number }, before: { mtimeMs: number; size: number }) => {
    // Size 0 and no time: the file is away for a moment while it is being replaced.
    if (now.mtimeMs !== 0 && (now.mtimeMs !== before.mtimeMs || now.size !== before.size)) onChange();
  };
  watchFile(file, { interval: EVERY, persistent: false }, listener);
  return { stop: () => unwatchFile(file, listener) };
}
