import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createLog, type Log } from '@aisle/platform/log';

/** The log of one of our processes, in AISLE_HOME/logs; the terminal is kept for people. LOG_LEVEL, @default info */
export function openLog(home: string, name: string): { log: Log; path: string; close(): Promise<void> } {
  const path = join(home, 'logs', `${name}.log`);
  mkdirSync(join(home, 'logs'), { recursive: true });
  const stream = createWriteStream(path, { flags: 'a' });
  // A log that cannot be written (full disk) must not end the process; the stores will tell.
  stream.on('error', () => {});
  const log = createLog(name, { level: process.env.LOG_LEVEL ?? 'info', destination: stream });
  const close = async () => {
    stream.end();
    await finished(stream).catch(() => {});
  };
  return { log, path, close };
}
