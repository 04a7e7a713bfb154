import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, type Obj, own } from '../own.ts';
import type { Path } from '../run.ts';
import { typesOf } from './types-of.ts';

/** An entity with the objects it was reached through, the nearest last. */
export interface Descendant {
  readonly object: Obj;
  readonly ancestors: readonly Obj[];
}

const UP = '..';
const FRAGMENT = '... on ';

/** Reads the arguments that `@fromContext` takes from the objects around an entity, by variable name. */
export function compileContextReader(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataKeyRenamer[],
): (descendant: Descendant) => Obj {
  const readers = rewrites.map(({ path, renameKeyTo }) => {
    const ups = path.filter((step) => step === UP).length;
    const steps = path
      .slice(ups)
      .map((step) =>
        step.startsWith(FRAGMENT) ? { types: typesOf(schema, step.slice(FRAGMENT.length)) } : { name: step },
      );
    return { variable: renameKeyTo, ups, steps };
  });
  return ({ object, ancestors }) => {
    const variables: Obj = {};
    for (const { variable, ups, steps } of readers) {
      const start = ups === 0 ? object : ancestors[ancestors.length - ups];
      const value = start && follow(start, steps);
      if (value !== undefined) variables[variable] = value;
    }
    return variables;
  };
}

type Step = { readonly types: ReadonlySet<string> } | { readonly name: string };

function follow(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (!step || value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((element) => follow(element, [step, ...rest]));
  if (!isObject(value)) return undefined;
  if ('name' in step) return follow(own(value, step.name), rest);
  const typename = value.__typename;
  return typename === undefined || step.types.has(typename as string) ? follow(value, rest) : undefined;
}

/** Every object at `path`, once per place: what surrounds it differs. */
export function descendantsAt(root: Obj, path: Path): Descendant[] {
  let level: { value: unknown; ancestors: readonly Obj[] }[] = [{ value: root, ancestors: [] }];
  for (const step of path) {
    level = level.flatMap(({ value, ancestors }) => {
      if (step === '@')
        return Array.isArray(value) ? value.map((element: unknown) => ({ value: element, ancestors })) : [];
      return isObject(value) ? [{ value: own(value, step as string), ancestors: [...ancestors, value] }] : [];
    });
  }
  return level.flatMap(({ value, ancestors }) => (isObject(value) ? [{ object: value, ancestors }] : []));
}
