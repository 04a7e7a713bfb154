import type { Caller } from '@aisle/platform/identity';
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { type Authoriser, type OnDenied, restoreDenied } from '../authorisation/index.ts';
import type { Engine, PreparedOperation } from '../engine/index.ts';
import { identityOf } from './traffic/identity-of.ts';

/** What of an operation one identity may have. */
interface Allowed {
  readonly denied: ReadonlySet<FieldNode>;
  /** What is planned of it; `undefined` when nothing is left. */
  readonly operation: PreparedOperation | undefined;
}

/** Identities whose part of an operation is remembered. */
const MOST = 1_000;

/**
 * The engine behind the graph's `@authenticated`, `@requiresScopes` and `@policy`: a field the caller may not see is never planned, and comes
 * back as null with an error, or refuses the operation. The same engine when the graph asks for nothing.
 */
export function authorisedEngine(engine: Engine, authoriser: Authoriser, onDenied: OnDenied): Engine {
  if (!authoriser.isNeeded) return engine;
  const known = new WeakMap<PreparedOperation, Map<string, Allowed>>();

  function allowed(operation: PreparedOperation, caller: Caller): Allowed {
    let identities = known.get(operation);
    if (!identities) {
      identities = new Map();
      known.set(operation, identities);
    }
    const identity = identityOf(caller);
    let found = identities.get(identity);
    if (!found) {
      const { document, denied } = authoriser.filter(operation.document, caller);
      found = {
        denied,
        operation: denied.size === 0 ? operation : document && prepared(document, operation),
      };
      if (identities.size >= MOST) identities.delete(identities.keys().next().value as string);
      identities.set(identity, found);
    }
    return found;
  }

  function prepared(document: DocumentNode, { operationName }: PreparedOperation): PreparedOperation {
    const result = engine.prepare(document, operationName);
    if ('errors' in result)
      throw new Error('What authorisation left of an operation is not valid.', { cause: result.errors[0] });
    return result;
  }

  const restored = (
    operation: PreparedOperation,
    denied: ReadonlySet<FieldNode>,
    variables: unknown,
    { data, errors, ...rest }: ExecutionResult,
  ): ExecutionResult => {
    // An operation that could not start has no data to put anything back into.
    if (data === undefined && errors) return { errors, ...rest };
    const { document, operationName } = operation;
    const back = restoreDenied(data, {
      schema: engine.apiSchema,
      document,
      operationName,
      denied,
      variables: variables as Record<string, unknown> | undefined,
    });
    const all = [...(errors ?? []), ...back.errors.map(asError)];
    return { ...rest, ...(all.length > 0 && { errors: all }), data: back.data };
  };

  const execute: Engine['execute'] = async (operation, variables, context) => {
    const { denied, operation: left } = allowed(operation, context.caller);
    if (denied.size === 0) return engine.execute(operation, variables, context);
    if (onDenied === 'error') return refused();
    const result = left ? await engine.execute(left, variables, context) : { data: {} };
    return restored(operation, denied, variables, result);
  };

  return {
    ...engine,
    execute,
    async executeToJson(operation, variables, context) {
      const { denied } = allowed(operation, context.caller);
      if (denied.size === 0) return engine.executeToJson(operation, variables, context);
      return JSON.stringify(errorsFirst(await execute(operation, variables, context)));
    },
    async *executeIncremental(operation, variables, context) {
      const { denied } = allowed(operation, context.caller);
      if (denied.size === 0) yield* engine.executeIncremental(operation, variables, context);
      // Parts of a whole with holes would have to be restored apart: `@defer` may always be answered at once.
      else yield { ...(await execute(operation, variables, context)), hasNext: false };
    },
    async subscribe(operation, variables, context) {
      const { denied, operation: left } = allowed(operation, context.caller);
      if (!left || (denied.size > 0 && onDenied === 'error')) return refused();
      const source = await engine.subscribe(left, variables, context);
      if (!('next' in source)) return source;
      // Policies are asked anew for each event: what they grant at its beginning a subscription need not have for its life.
      const isStill = () => authoriser.filter(operation.document, context.caller).denied.size <= denied.size;
      return mapped(source, isStill, (event) =>
        denied.size === 0 ? event : restored(operation, denied, variables, event),
      );
    },
  };
}

const refused = (): ExecutionResult => ({
  errors: [
    new GraphQLError('The operation asks for what you may not see.', {
      extensions: { code: 'UNAUTHORIZED_FIELD' },
    }),
  ],
});

const asError = ({ message, path, extensions }: GraphQLFormattedError) =>
  new GraphQLError(message, { ...(path && { path }), ...(extensions && { extensions }) });

/** As the engine writes it: the server looks for errors at the beginning. */
const errorsFirst = ({ errors, data }: ExecutionResult) => ({
  ...(errors && { errors }),
  ...(data !== undefined && { data }),
});

/** Ends with a refusal when `isAllowed` says no. */
function mapped(
  source: AsyncIterableIterator<ExecutionResult>,
  isAllowed: () => boolean,
  map: (event: ExecutionResult) => ExecutionResult,
): AsyncIterableIterator<ExecutionResult> {
  let over = false;
  const iterator: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      if (over) return { done: true, value: undefined };
      const result = await source.next();
      if (result.done) return result;
      if (isAllowed()) return { done: false, value: map(result.value) };
      over = true;
      await source.return?.();
      return { done: false, value: refused() };
    },
    async return() {
      over = true;
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
