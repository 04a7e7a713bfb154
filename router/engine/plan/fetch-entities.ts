import type { Run } from '../run.ts';
import { askEntities } from './ask-entities.ts';
import { type Ask, fetchEntities } from './entity-groups.ts';
import type { FetchSpec } from './fetch-spec.ts';
import type { Representer } from './representation.ts';
import { SharedFetch } from './shared-fetch.ts';
import type { Step } from './step.ts';

/** A fetch of entities: each distinct one is asked for once, and the answer is merged into every place it is needed. */
export function entityFetch(spec: FetchSpec, representer: Representer): Step {
  return (run) => {
    const ask: Ask = (asked, groups) => {
      const representations = groups.map(({ representation }) => representation);
      const shared = sharedFetch(run, asked);
      if (!shared) return { answers: askEntities(run, asked, representations), isShared: false };
      const identities = groups.map(({ identity }) => identity);
      return { answers: shared.ask(identities, representations), isShared: true };
    };
    return fetchEntities(run, spec, representer, spec.find(run.data, run.sharedValues.size > 0), ask);
  };
}

function sharedFetch(run: Run, spec: FetchSpec): SharedFetch | undefined {
  if (spec.sharedKey === undefined) return undefined;
  let shared = run.sharedFetches.get(spec.sharedKey);
  if (!shared) {
    shared = new SharedFetch(run, spec);
    run.sharedFetches.set(spec.sharedKey, shared);
  }
  return shared;
}
