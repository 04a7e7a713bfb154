export { type MongoOutbox, type MongoOutboxOptions, type OutboxDocument, openMongoOutbox } from './mongo.ts';
export { appendToOutbox, createPostgresOutbox, type PostgresOutbox, type RelayOptions } from './postgres.ts';
