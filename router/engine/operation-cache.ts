import { createHash } from 'node:crypto';
import { type DocumentNode, print } from 'graphql';
import type { EngineOptions, Prepared, PrepareOptions } from './contract.ts';
import { Lru } from './lru.ts';
import { CompiledOperation } from './operation.ts';
import { asGraphQLError, parseOperation, type Rejected, rejected } from './parse.ts';
import type { LoadedSupergraph } from './supergraph.ts';

const DEFAULT_SIZE = 1000;
const DEFAULT_MAX_TOKENS = 10_000;
/** Longer documents are not kept: within the limit of tokens they are mostly padding, and a thousand of them would fill the memory. */
const MOST_CHARACTERS = 32 * 1024;

/** Prepares operations and keeps those used last. Preparing is synchronous, so that one operation is never planned twice at once. */
export class OperationCache {
  readonly #supergraph: LoadedSupergraph;
  readonly #maxTokens: number;
  readonly #operations: Lru<string, CompiledOperation>;
  readonly #onPrepared: NonNullable<EngineOptions['onPrepared']>;

  constructor(
    supergraph: LoadedSupergraph,
    options: Pick<EngineOptions, 'cacheSize' | 'maxTokens' | 'onPrepared'>,
  ) {
    this.#supergraph = supergraph;
    this.#maxTokens = options.maxTokens ?? DEFAULT_MAX_TOKENS;
    this.#operations = new Lru(options.cacheSize ?? DEFAULT_SIZE);
    this.#onPrepared = options.onPrepared ?? (() => {});
  }

  prepare(
    source: string | DocumentNode,
    operationName: string | undefined,
    options: PrepareOptions | undefined,
  ): CompiledOperation | Rejected {
    const key = `${operationName ?? ''}\n${typeof source === 'string' ? source : print(source)}`;
    const known = this.#operations.get(key);
    if (known) {
      this.#onPrepared('cached');
      return known;
    }
    const started = performance.now();
    const told = (outcome: Prepared) => this.#onPrepared(outcome, (performance.now() - started) / 1000);
    const parsed = parseOperation(
      this.#supergraph.apiSchema,
      source,
      operationName,
      this.#maxTokens,
      options?.validate,
    );
    if ('errors' in parsed) {
      told('invalid');
      return parsed;
    }
    const operation = new CompiledOperation(
      this.#supergraph,
      parsed,
      createHash('sha256').update(key).digest('hex'),
    );
    try {
      operation.plan({});
    } catch (error) {
      told('failed');
      return rejected('QUERY_PLANNING_FAILED', [asGraphQLError(error)]);
    }
    if (key.length <= MOST_CHARACTERS) this.#operations.set(key, operation);
    told('planned');
    return operation;
  }
}
