import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** An append-only file of JSON lines, written before the reply is sent: what was answered survives a kill. */
export interface Journal {
  append(line: string): void;
  close(): void;
}

/** Reads every whole line of a journal. A last line that was cut short by a crash is taken off. */
export function readJournal(path: string, each: (entry: unknown) => void): void {
  if (!existsSync(path)) return;
  const content = readFileSync(path);
  const end = content.lastIndexOf(0x0a) + 1;
  if (end < content.length) truncateSync(path, end);
  let start = 0;
  while (start < end) {
    const next = content.indexOf(0x0a, start);
    each(JSON.parse(content.toString('utf8', start, next)));
    start = next + 1;
  }
}

/** Writes a compact journal beside the old one, puts it in its place, and goes on appending to it. */
export function openJournal(path: string, snapshot: Iterable<string>): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w', 0o600);
  for (const line of snapshot) writeSync(file, `${line}\n`);
  fsyncSync(file);
  renameSync(fresh, path);
  return {
    append: (line) => void writeSync(file, `${line}\n`),
    close: () => closeSync(file),
  };
}
