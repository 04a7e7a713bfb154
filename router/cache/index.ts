export { outdatingEngine } from './mutation-tags.ts';
export { createResponseCache, type Invalidation, type ResponseCache } from './response-cache.ts';
export { cacheHeaders } from './response-headers.ts';
export { ResponsePolicy } from './response-policy.ts';
export type { CacheSettings, SubgraphCacheSettings } from './settings.ts';
export { memoryStore } from './store/memory-store.ts';
export { openRedisStore } from './store/open-redis-store.ts';
export type { CacheStore } from './store/port.ts';
