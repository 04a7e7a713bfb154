import {
  GraphQLError,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { isObject, type Obj, own, setOwn } from '../own.ts';
import { matchesPattern } from '../plan/path.ts';
import type { FetchFailure, Path, Run } from '../run.ts';
import { leafCheck } from './leaf.ts';
import { ReportedPaths } from './reported-paths.ts';
import type { FieldShape, SelectionShape } from './shape.ts';

/** A field that can't be null is: its parent becomes null in turn. */
const PROPAGATE = Symbol('null propagates');

/** One broken fetch must not fill a response with errors. */
const MOST_ERRORS_PER_FAILURE = 100;

export type Introspect = (field: FieldShape) => unknown;

/**
 * Completes the merged subgraph data to the response the client asked for: `CompleteValue` and null propagation of the specification (6.4.3, 6.4.4), an error with
 * its path for everything a subgraph owed and did not send, or sent wrong. Adds to `run.errors`.
 * `at` completes only the object at a place of the response.
 */
export function complete(
  shape: SelectionShape,
  run: Run,
  introspect: Introspect,
  at: { readonly path: Path; readonly source: Obj } = { path: [], source: run.data },
): Obj | null {
  const completion = new Completion(run, introspect, at.path);
  const data = completion.object(shape, at.source);
  completion.finish();
  return data === PROPAGATE ? null : (data as Obj | null);
}

class Completion {
  readonly #run: Run;
  readonly #introspect: Introspect;
  readonly #reported: ReportedPaths;
  readonly #path: (string | number)[];

  constructor(run: Run, introspect: Introspect, path: Path) {
    this.#path = [...path];
    this.#run = run;
    this.#introspect = introspect;
    this.#reported = new ReportedPaths(run.errors);
  }

  /** Failures that no missing field could be blamed on are still told, without a path. */
  finish(): void {
    for (const { reported, cause, error } of this.#run.failures) {
      if (reported === 0 && !cause)
        this.#run.errors.push(new GraphQLError(error.message, { extensions: error.extensions }));
    }
  }

  object(selected: SelectionShape, source: Obj): unknown {
    const typename = own(source, '__typename');
    const shape = selected.forType(typename);
    if (!shape && selected.isHidden(typename)) return null;
    if (!shape) return this.#invalid(`Invalid __typename found for object of type ${selected.declared.name}`);
    const data: Obj = {};
    for (const field of shape.fields) {
      this.#path.push(field.key);
      const value = this.#field(field, source);
      this.#path.pop();
      if (value === PROPAGATE) return PROPAGATE;
      setOwn(data, field.key, value);
    }
    return data;
  }

  #field(field: FieldShape, source: Obj): unknown {
    if (field.source === 'introspection') return this.#introspect(field);
    if (field.source === 'typename') {
      if (isObjectType(field.parent)) return field.parent.name;
      return this.#value(field, field.type, null);
    }
    const value = own(source, field.from);
    if (value === undefined) this.#blame();
    return this.#value(field, field.type, value ?? null);
  }

  #value(field: FieldShape, type: GraphQLOutputType, value: unknown): unknown {
    if (isNonNullType(type)) {
      const completed = this.#value(field, type.ofType, value);
      if (completed !== null) return completed;
      this.#error(`Cannot return null for non-nullable field ${field.parent.name}.${field.name}.`);
      return PROPAGATE;
    }
    if (value === null || value === undefined) return null;
    if (isListType(type)) return this.#list(field, type.ofType, value);
    if (isLeafType(type)) {
      const checked = leafCheck(type)(value);
      if (checked === undefined && field.hidden?.has(value)) return null;
      return checked === undefined
        ? this.#invalid(`Invalid value found for field ${field.parent.name}.${field.name}.`)
        : checked;
    }
    if (!isObject(value) || !field.selected)
      return this.#invalid(`Invalid value found for field ${field.parent.name}.${field.name}.`);
    const completed = this.object(field.selected, value);
    return completed === PROPAGATE ? null : completed;
  }

  #list(field: FieldShape, type: GraphQLOutputType, value: unknown): unknown {
    if (!Array.isArray(value))
      return this.#invalid(
        `Invalid value found for field ${field.parent.name}.${field.name}: a list was expected.`,
      );
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      this.#path.push(index);
      const element = this.#value(field, type, value[index]);
      this.#path.pop();
      if (element === PROPAGATE) return null;
      list.push(element);
    }
    return list;
  }

  #invalid(message: string): null {
    this.#error(message);
    return null;
  }

  #error(message: string): void {
    if (this.#reported.explains(this.#path)) return;
    this.#push(message, { code: 'INVALID_SUBGRAPH_DATA' });
  }

  /** Nobody sent the field: if the fetch that owed it failed, that is the error here. */
  #blame(): void {
    const culprit = this.#run.failures.find(
      ({ at, fields }) =>
        fields.has(this.#path[at.length] as string) && matchesPattern(this.#path.slice(0, at.length), at),
    );
    if (!culprit || this.#reported.explains(this.#path)) return;
    const origin = originOf(culprit);
    origin.reported++;
    if (origin.reported <= MOST_ERRORS_PER_FAILURE) this.#push(origin.error.message, origin.error.extensions);
    else this.#reported.add(this.#path);
  }

  #push(message: string, extensions: Record<string, unknown>): void {
    const path = [...this.#path];
    this.#run.errors.push(new GraphQLError(message, { path, extensions }));
    this.#reported.add(path);
  }
}

function originOf(failure: FetchFailure): FetchFailure {
  let origin = failure;
  while (origin.cause) origin = origin.cause;
  return origin;
}
