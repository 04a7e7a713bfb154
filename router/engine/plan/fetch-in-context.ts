import type { Obj } from '../own.ts';
import { askEntities } from './ask-entities.ts';
import { type Descendant, descendantsAt } from './context-values.ts';
import { fetchEntities } from './entity-groups.ts';
import type { FetchSpec } from './fetch-spec.ts';
import type { Representer } from './representation.ts';
import type { Step } from './step.ts';

/** A fetch of entities with arguments from their context (`@fromContext`): one call for each distinct set of them. */
export function contextFetch(
  spec: FetchSpec,
  representer: Representer,
  contextOf: (descendant: Descendant) => Obj,
): Step {
  return async (run) => {
    const inContext = new Map<string, { variables: Obj; entities: Obj[] }>();
    for (const descendant of descendantsAt(run.data, spec.at)) {
      const variables = contextOf(descendant);
      const key = JSON.stringify(variables);
      const known = inContext.get(key);
      if (known) known.entities.push(descendant.object);
      else inContext.set(key, { variables, entities: [descendant.object] });
    }
    await Promise.all(
      [...inContext.values()].map(({ variables, entities }) =>
        fetchEntities(run, spec, representer, entities, (asked, groups) => {
          const representations = groups.map(({ representation }) => representation);
          return { answers: askEntities(run, asked, representations, variables), isShared: false };
        }),
      ),
    );
  };
}
