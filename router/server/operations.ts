import type { Caller } from '@aisle/platform/identity';
import type { RequestContext } from '@aisle/platform/service';
import type { TraceContext } from '@aisle/platform/telemetry';
import type { DocumentNode, GraphQLError } from 'graphql';
import { breathe, type Engine, type PreparedOperation } from '../engine/index.ts';
import { checkDocument, isLimitCode, type Limits, limitError, pageVariableError } from '../limits/index.ts';
import type { EngineHolder } from './engine-holder.ts';
import { type ErrorFormat, formatError } from './format-error.ts';
import type { Facts } from './operation-facts.ts';
import type { Params } from './params.ts';
import type { Persisted } from './persisted.ts';
import type { Report } from './report.ts';
import type { Priority } from './traffic/shedding.ts';

/** An operation that may run, with the engine that prepared it. */
export interface Ready {
  readonly engine: Engine;
  readonly operation: PreparedOperation;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** Estimated, see `router/limits/cost.ts`. */
  readonly cost: number;
  readonly priority: Priority;
  /** The cost of an answer's data. */
  readonly actualCost: (data: unknown) => number;
  /** Ends the claim on the engine. */
  release(): void;
}

/** An operation that may not. `isLimit` answers 400 whatever the client accepts. */
export interface Unready {
  readonly errors: readonly GraphQLError[];
  readonly isLimit: boolean;
}

export interface Operations {
  prepare(params: Params): Ready | Unready;
  /** A context that ends at the deadline, or when `abort` is called. */
  context(
    caller: Caller,
    ids: { requestId: string; trace: TraceContext; clientAddress?: string | undefined },
    timeout: number,
    controller?: AbortController,
  ): RequestContext & { readonly controller: AbortController };
  /**
   * Prepares on the next engine what the present one is busy with, one after the other while requests go on being served;
   * what the next schema does not know, or what is too much under the limits that it will have, is left out.
   */
  warm(next: Engine, limits: Limits): Promise<void>;
  /** To be told of each that ended. */
  readonly ended: Report;
  /** How errors are shown. */
  format(requestId: string): ErrorFormat;
}

export interface OperationsOptions {
  readonly holder: EngineHolder;
  readonly limits: Limits;
  readonly production: boolean;
  readonly persisted: Persisted;
  readonly facts: Facts;
  readonly now: () => number;
  readonly report: Report;
  readonly onSurprise: (error: unknown, requestId: string) => void;
}

/** Operations prepared before a new supergraph goes live. */
const WARMED = 200;
const TOO_MANY_TOKENS = /tokens\. Parsing aborted\.$/;

export function createOperations({
  holder,
  limits,
  production,
  persisted,
  facts,
  now,
  report,
  onSurprise,
}: OperationsOptions): Operations {
  const validateUnder = (under: Limits) => {
    const rules = { limits: under, introspection: !production };
    return (document: DocumentNode) => checkDocument(document, rules);
  };
  const validate = validateUnder(limits);

  return {
    prepare(params) {
      const { operationName, variables } = params;
      const query = persisted.documentOf(params);
      if (typeof query !== 'string')
        return { errors: [query], isLimit: query.extensions.code === 'OPERATION_NOT_REGISTERED' };
      const lease = holder.lease();
      const prepared = lease.engine.prepare(query, operationName, { validate });
      if ('errors' in prepared) {
        lease.release();
        return unready(prepared.errors, limits.tokens);
      }
      const { pages, cost, priority } = facts.of(lease.engine, prepared, query);
      const unsized = cost.unsized(variables);
      const estimate = cost.estimate(variables);
      const refused =
        (unsized !== undefined
          ? limitError(
              'LIMIT_COST',
              `${unsized} takes exactly one of the arguments that say how many items come.`,
            )
          : undefined) ??
        (pages.length > 0 ? pageVariableError(pages, variables, limits.page) : undefined) ??
        (estimate > limits.cost
          ? limitError(
              'LIMIT_COST',
              `The operation costs ${Math.round(estimate)}; ${limits.cost} is allowed.`,
            )
          : undefined);
      if (refused) {
        lease.release();
        return { errors: [refused], isLimit: true };
      }
      if (params.extensions !== undefined) persisted.keep(params);
      return {
        engine: lease.engine,
        operation: prepared,
        variables,
        cost: estimate,
        priority,
        actualCost: cost.actual,
        release: lease.release,
      };
    },
    context(caller, { requestId, trace, clientAddress }, timeout, controller = new AbortController()) {
      return {
        caller,
        requestId,
        ...trace,
        ...(clientAddress !== undefined && { clientAddress }),
        deadline: now() + timeout,
        signal: controller.signal,
        controller,
      };
    },
    async warm(next, under) {
      const validateNext = validateUnder(under);
      for (const { source, operationName } of facts.busiest(WARMED)) {
        next.prepare(source, operationName, { validate: validateNext });
        await breathe();
      }
    },
    ended: report,
    format: (requestId) => ({
      requestId,
      suggestions: !production,
      onSurprise: (error) => onSurprise(error, requestId),
    }),
  };
}

function unready(errors: readonly GraphQLError[], tokens: number): Unready {
  const [first] = errors;
  if (first?.extensions.code === 'GRAPHQL_PARSE_FAILED' && TOO_MANY_TOKENS.test(first.message)) {
    return {
      errors: [limitError('LIMIT_TOKENS', `The document has more than ${tokens} tokens.`)],
      isLimit: true,
    };
  }
  return { errors, isLimit: errors.some((error) => isLimitCode(error.extensions.code)) };
}

/** `{"errors":[…]}` */
export function errorsJson(errors: readonly unknown[], format: ErrorFormat): string {
  return JSON.stringify({ errors: errors.map((error) => formatError(error, format)) });
}
