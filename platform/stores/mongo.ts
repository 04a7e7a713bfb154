import type { Db, MongoClient } from 'mongodb';
import { isTracing } from '../telemetry/index.ts';
import { traceMongo } from './traced-mongo.ts';

export interface Mongo {
  readonly client: MongoClient;
  readonly db: Db;
  close(): Promise<void>;
}

/** Connects and picks the context's own database. Majority writes: an acknowledged change survives a fail-over. The driver is loaded by who needs it. */
export async function openMongo(url: string, database: string): Promise<Mongo> {
  const driver = await import('mongodb');
  const client = new driver.MongoClient(url, {
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 5_000,
    maxPoolSize: 20,
    waitQueueTimeoutMS: 5_000,
    writeConcern: { w: 'majority' },
    // Absent otherwise: the address may ask for it too.
    ...(isTracing() && { monitorCommands: true }),
  });
  if (isTracing()) traceMongo(client);
  await client.connect();
  return { client, db: client.db(database), close: () => client.close() };
}
