export { isStoreDown } from './down.ts';
export { type Mongo, openMongo } from './mongo.ts';
export { allOutspoken, outspoken } from './outspoken.ts';
export {
  type Database,
  type DatabaseOptions,
  type Databases,
  migrate,
  openDatabase,
  openDatabases,
  type Row,
  type Sql,
} from './postgres.ts';
export { openRedis, type Redis } from './redis.ts';
