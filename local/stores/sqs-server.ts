// The SNS/SQS server as a process of its own: node sqs-server.ts DATA_FOLDER PORT REGION
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startLoopbackFauxqs } from './fauxqs.ts';

const [data = '', port = '', region = ''] = process.argv.slice(2);

/** Queue addresses are stored with the port they were made at; the SDK sends to the address, so they follow it. */
function moveQueuesToPort(): void {
  const file = join(data, 'fauxqs.db');
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  const rows = database.prepare('select name, url from sqs_queues').all() as { name: string; url: string }[];
  const update = database.prepare('update sqs_queues set url = ? where name = ?');
  for (const { name, url } of rows) {
    const moved = new URL(url);
    moved.port = port;
    if (moved.href !== url) update.run(moved.href, name);
  }
  database.close();
}

moveQueuesToPort();
const server = await startLoopbackFauxqs({ port: Number(port), dataDir: data, region });
process.once('SIGTERM', () => {
  const fuse = setTimeout(() => process.exit(1), 5_000);
  void server.stop().then(() => {
    clearTimeout(fuse);
    process.exit(0);
  });
});
