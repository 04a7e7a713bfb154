// Fetches the real mongod and prints its path: node mongod-fetch.ts DOWNLOAD_FOLDER VERSION
// A process of its own, so that a download that hangs can be ended.
import { MongoBinary } from 'mongodb-memory-server-core';

const [downloadDir = '', version = ''] = process.argv.slice(2);
process.stdout.write(`\n${await MongoBinary.getPath({ downloadDir, version })}\n`);
