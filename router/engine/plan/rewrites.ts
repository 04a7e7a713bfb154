import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, type Obj, own, setOwn } from '../own.ts';
import { typesOf } from './types-of.ts';

export type Rewrite = (value: unknown) => void;

const FRAGMENT = '... on ';

/** Compiles the planner's rewrites (they set a value, or rename a key, at a path of names and type conditions) into one function; `undefined` for none. */
export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(schema, rewrite));
  return (value) => {
    for (const rewrite of compiled) rewrite(value);
  };
}

/** The new name of each renamed key: errors below a renamed key must name it as the client does. */
export function renamedKeys(rewrites: readonly FetchDataRewrite[] | undefined): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const rewrite of rewrites ?? []) {
    const last = rewrite.path.at(-1);
    if (rewrite.kind === 'KeyRenamer' && last !== undefined) names.set(last, rewrite.renameKeyTo);
  }
  return names;
}

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const name = rewrite.path.at(-1);
  if (name === undefined) return () => {};
  let apply: (object: Obj) => void;
  if (rewrite.kind === 'ValueSetter') {
    apply = (object) => setOwn(object, name, rewrite.setValueTo);
  } else {
    apply = (object) => {
      const value = own(object, name);
      if (value === undefined) return;
      setOwn(object, rewrite.renameKeyTo, value);
      setOwn(object, name, undefined);
    };
  }
  return rewrite.path.slice(0, -1).reduceRight<Rewrite>(
    (next, step) =>
      step.startsWith(FRAGMENT)
        ? onType(typesOf(schema, step.slice(FRAGMENT.length)), next)
        : onField(step, next),
    (value) => eachObject(value, apply),
  );
}

function onField(name: string, next: Rewrite): Rewrite {
  return (value) => eachObject(value, (object) => next(own(object, name)));
}

function onType(types: ReadonlySet<string>, next: Rewrite): Rewrite {
  return (value) =>
    eachObject(value, (object) => {
      const typename = object.__typename;
      if (!typename || types.has(typename as string)) next(object);
    });
}

function eachObject(value: unknown, apply: (object: Obj) => void): void {
  if (Array.isArray(value)) for (const element of value) eachObject(element, apply);
  else if (isObject(value)) apply(value);
}
