import { operationOf } from '../engine/document.ts';
import type { Engine, PreparedOperation } from '../engine/index.ts';
import type { Obj } from '../engine/own.ts';
import { parseTemplate, type TagTemplate } from './rules/tag-template.ts';
import { argumentTags } from './rules/tags.ts';
import type { CacheSettings } from './settings.ts';

type Templates = ReadonlyMap<string, readonly TagTemplate[]>;

/**
 * The engine, with a cache that a mutation outdates before its answer goes out: who changed something and asks for it again does not get what it was before.
 * `outdate` is told the tags; what it cannot do is its own to report.
 */
export function outdatingEngine(
  engine: Engine,
  mutations: CacheSettings['mutations'],
  outdate: (tags: readonly string[]) => Promise<void>,
): Engine {
  if (!mutations || Object.keys(mutations).length === 0) return engine;
  const templates: Templates = new Map(
    Object.entries(mutations).map(([field, formats]) => [
      `Mutation.${field}`,
      formats.map((format) => parseTemplate(`cache.mutations.${field}`, format)),
    ]),
  );
  const tagsOf = compileOnce(templates);
  const after = async <Result>(
    result: Promise<Result>,
    operation: PreparedOperation,
    variables: unknown,
  ): Promise<Result> => {
    if (operation.kind !== 'mutation') return result;
    // One that failed may have done something all the same.
    try {
      return await result;
    } finally {
      const tags = tagsOf(operation)((variables ?? {}) as Obj);
      if (tags.length > 0) await outdate(tags);
    }
  };
  return {
    ...engine,
    execute: (operation, variables, context) =>
      after(engine.execute(operation, variables, context), operation, variables),
    executeToJson: (operation, variables, context) =>
      after(engine.executeToJson(operation, variables, context), operation, variables),
    async *executeIncremental(operation, variables, context) {
      const payloads = engine.executeIncremental(operation, variables, context);
      // Whatever is deferred, the mutation itself has happened with the first payload.
      const first = await after(payloads.next(), operation, variables);
      if (first.done) return;
      yield first.value;
      yield* payloads;
    },
  };
}

/** The tags of an operation's root fields, worked out once per operation. */
function compileOnce(templates: Templates): (operation: PreparedOperation) => (variables: Obj) => string[] {
  const known = new WeakMap<PreparedOperation, (variables: Obj) => string[]>();
  return (operation) => {
    const before = known.get(operation);
    if (before) return before;
    const gather = argumentTags(
      operationOf(operation.document, operation.operationName),
      operation.document,
      {
        type: 'Mutation',
        tags: templates,
      },
    );
    const found = (variables: Obj): string[] => {
      const tags: string[] = [];
      // What an argument does not say cannot be outdated.
      gather(variables, { tag: (tag) => tags.push(tag), unknown: () => {} });
      return tags;
    };
    known.set(operation, found);
    return found;
  };
}
