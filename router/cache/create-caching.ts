import type { CachedSupergraph, FetchCaching } from '../engine/fetch-cache.ts';
import { CachedFetch, type CachedFetchOptions } from './fetch/cached-fetch.ts';
import { fetchKey } from './fetch/keys.ts';
import { compileLabels } from './fetch/label-answer.ts';
import { policyOf } from './rules/policy.ts';
import type { CacheRules } from './rules/rules.ts';
import { type CacheSettings, cacheSettingsOf } from './settings.ts';

export interface CachingOptions extends Pick<CachedFetchOptions, 'store' | 'flights' | 'metrics' | 'now'> {
  readonly rules: CacheRules;
  readonly settings: CacheSettings;
}

/** Decides for each fetch of a plan, once, whether and how its answers are kept. */
export function createCaching(supergraph: CachedSupergraph, options: CachingOptions): FetchCaching {
  const { rules, settings, ...runtime } = options;
  const { fullSchema: schema, entityKeys, subgraphSdl } = supergraph;
  return {
    compile(fetch) {
      const { subgraph, document } = fetch;
      const own = cacheSettingsOf(subgraph, settings);
      const subgraphRules = rules.get(subgraph);
      if (!own.enabled || !subgraphRules) return undefined;
      const policy = policyOf(document, {
        schema,
        rules: subgraphRules,
        defaultMaxAge: own.defaultMaxAge,
        keys: entityKeys.get(subgraph) ?? new Map(),
      });
      if (policy.maxAge <= 0 || (policy.scope === 'PRIVATE' && !own.private)) return undefined;
      return new CachedFetch({
        ...runtime,
        subgraph,
        policy,
        settings: own,
        key: fetchKey(fetch, subgraphSdl(subgraph), policy),
        labelsOf: compileLabels(subgraph, document, schema, subgraphRules),
      });
    },
  };
}
