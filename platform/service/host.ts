import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
  subscribe,
  validate,
} from 'graphql';
import type { Clock } from '../clock/index.ts';
import { formatError } from '../errors/index.ts';
import { errorFields, type Log } from '../log/index.ts';
import type { ResolverMap } from './definition.ts';
import type { OperationHost, RequestContext, SubgraphRequest, SubgraphResponse } from './operation.ts';
import { OperationScope } from './scope.ts';
import { sharedResolvers } from './shared-resolvers.ts';

export interface SubgraphHost extends OperationHost {
  readonly schema: GraphQLSchema;
  /** Parses and validates with a bounded cache. @returns errors for a document that is not valid here. */
  prepare(query: string): DocumentNode | readonly GraphQLError[];
}

export interface HostOptions<Ports> {
  readonly root: string;
  readonly resolvers: ResolverMap;
  readonly ports: Ports;
  readonly clock: Clock;
  readonly log: Log;
}

/** Documents kept parsed. The router sends a few hundred distinct ones; a stranger can't send any. */
const MAX_DOCUMENTS = 2_000;

/** Turns SDL and resolvers into something that executes operations; shared by the in-memory and the HTTP way in. */
export async function createHost<Ports>(options: HostOptions<Ports>): Promise<SubgraphHost> {
  const typeDefs = parse(await readFile(join(options.root, 'schema.graphql'), 'utf8'));
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: withShared(typeDefs, options.resolvers) }]);
  const documents = new Map<string, DocumentNode>();
  const valid = new WeakSet<DocumentNode>();

  const problems = (document: DocumentNode): readonly GraphQLError[] => {
    if (valid.has(document)) return [];
    const errors = validate(schema, document);
    if (errors.length === 0) valid.add(document);
    return errors;
  };

  const present = (result: ExecutionResult, context: RequestContext): SubgraphResponse => {
    if (!result.errors) return result as SubgraphResponse;
    const errors = result.errors.map((error) => {
      const { formatted, surprise } = formatError(error, context.requestId);
      if (surprise !== undefined) {
        options.log.error('resolver failed', {
          requestId: context.requestId,
          path: error.path?.join('.'),
          ...errorFields(surprise),
        });
      }
      return formatted;
    });
    return {
      ...(result.data !== undefined && { data: result.data as Record<string, unknown> | null }),
      errors,
    };
  };

  const args = (request: SubgraphRequest) => ({
    schema,
    document: request.document,
    variableValues: request.variables ?? {},
    contextValue: new OperationScope(request.context, options.clock, options.log, options.ports),
    ...(request.operationName && { operationName: request.operationName }),
  });

  return {
    schema,
    prepare(query) {
      const known = documents.get(query);
      if (known) return known;
      let document: DocumentNode;
      try {
        document = parse(query, { maxTokens: 20_000 });
      } catch (error) {
        if (error instanceof GraphQLError) return [error];
        throw error;
      }
      const errors = problems(document);
      if (errors.length > 0) return errors;
      if (documents.size >= MAX_DOCUMENTS) documents.delete(documents.keys().next().value!);
      documents.set(query, document);
      return document;
    },
    async execute(request) {
      const errors = problems(request.document);
      if (errors.length > 0) return { errors: errors.map((error) => error.toJSON()) };
      return present(await execute(args(request)), request.context);
    },
    async subscribe(request) {
      const errors = problems(request.document);
      if (errors.length > 0) return once({ errors: errors.map((error) => error.toJSON()) });
      const events = await subscribe(args(request));
      if (!(Symbol.asyncIterator in events)) return once(present(events, request.context));
      return mapEvents(events, (event) => present(event, request.context));
    },
  };
}

function withShared(typeDefs: DocumentNode, resolvers: ResolverMap): ResolverMap {
  const defined = new Set(
    typeDefs.definitions.flatMap((node) => ('name' in node && node.name ? [node.name.value] : [])),
  );
  const shared = Object.entries(sharedResolvers).filter(([name]) => defined.has(name));
  return { ...Object.fromEntries(shared), ...resolvers };
}

async function* once(response: SubgraphResponse): AsyncGenerator<SubgraphResponse, undefined> {
  yield response;
}

function mapEvents<A, B>(events: AsyncGenerator<A, unknown>, map: (event: A) => B): AsyncIterableIterator<B> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const step = await events.next();
      return step.done ? { done: true, value: undefined } : { done: false, value: map(step.value) };
    },
    async return() {
      await events.return(undefined);
      return { done: true, value: undefined };
    },
  };
}
