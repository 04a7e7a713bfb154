export { type Cache, type CacheOptions, type CacheStats, createCache } from './cache.ts';
export { createLru, type Lru } from './lru.ts';
