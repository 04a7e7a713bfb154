import { Server } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { type FauxqsServer, startFauxqs } from 'fauxqs';

const COUNT_COLUMN = 'approximate_receive_count';
const COUNT = `${COUNT_COLUMN} = ?`;

/**
 * Starts fauxqs as we need it, in three respects that it has no option for.
 *
 * It listens on every interface: the address is put in on the way, for nothing of ours may be reached from outside.
 * It waits for the disk once per message: measured, 130 messages a second, with the process standing still meanwhile,
 * against 1 000 when SQLite leaves the moment of writing to the operating system. A message that was taken then
 * survives the death of any process, though not a power cut, which is what a stand-in for SQS on one machine owes.
 *
 * It loses a message that is given back at once (a visibility of 0 seconds) when it keeps messages on disk: its own
 * statement sets the count of receives to null, which its table forbids. The count stays as it is instead.
 */
export async function startLoopbackFauxqs(options: {
  port: number;
  dataDir?: string;
  region?: string;
}): Promise<FauxqsServer> {
  const { listen } = Server.prototype;
  const { exec, prepare } = DatabaseSync.prototype;
  Server.prototype.listen = function onLoopback(this: Server, ...args: unknown[]) {
    const [first] = args;
    if (typeof first === 'object' && first !== null && 'host' in first) first.host = '127.0.0.1';
    return Reflect.apply(listen, this, args);
  } as typeof listen;
  DatabaseSync.prototype.exec = function relaxed(this: DatabaseSync, sql: string) {
    exec.call(this, sql);
    if (sql.includes('journal_mode')) exec.call(this, 'PRAGMA synchronous = NORMAL');
  };
  DatabaseSync.prototype.prepare = function kept(this: DatabaseSync, sql, ...more) {
    return prepare.call(this, sql.replace(COUNT, `${COUNT_COLUMN} = coalesce(?, ${COUNT_COLUMN})`), ...more);
  };
  try {
    const { port, dataDir, region } = options;
    return await startFauxqs({ port, dataDir, defaultRegion: region ?? 'us-east-1', logger: false });
  } finally {
    Server.prototype.listen = listen;
    DatabaseSync.prototype.exec = exec;
    DatabaseSync.prototype.prepare = prepare;
  }
}
