import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql';
import type { PreparedOperation } from './contract.ts';
import { compileIntrospection, type IntrospectionAnswer } from './introspect.ts';
import { Lru } from './lru.ts';
import type { Obj } from './own.ts';
import type { ParsedOperation } from './parse.ts';
import { compilePlan } from './plan/compile-plan.ts';
import { compileFetchSpec, type FetchSpec } from './plan/fetch-spec.ts';
import type { Step } from './plan/step.ts';
import { compileResponse, type ResponseWriter } from './response.ts';
import { fragmentsOf } from './shape/shape.ts';
import type { LoadedSupergraph } from './supergraph.ts';
import { conditionVariables, usesDefer } from './variables.ts';

/** A plan and its compiled form. */
export interface CompiledPlan {
  readonly plan: QueryPlan;
  /** Runs a query or mutation, or what follows each event of a subscription. */
  readonly run: Step;
  /** What to subscribe to, for subscriptions. */
  readonly primary: FetchSpec | undefined;
}

/** Most variants of one operation kept: one per combination of the Booleans its `@skip` and `@include` look at, and of override labels. */
const MOST_VARIANTS = 32;

export class CompiledOperation implements PreparedOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly operationName?: string;
  readonly document: DocumentNode;
  readonly hash: string;
  readonly hasDefer: boolean;
  readonly definition: OperationDefinitionNode;
  readonly #supergraph: LoadedSupergraph;
  readonly #conditions: readonly string[];
  readonly #responses = new Lru<string, ResponseWriter>(MOST_VARIANTS);
  readonly #plans = new Lru<string, CompiledPlan>(MOST_VARIANTS);
  readonly #introspection: IntrospectionAnswer;

  constructor(supergraph: LoadedSupergraph, { document, operation }: ParsedOperation, hash: string) {
    this.kind = operation.operation;
    if (operation.name) this.operationName = operation.name.value;
    this.document = document;
    this.hash = hash;
    this.definition = operation;
    this.hasDefer = usesDefer(document);
    this.#supergraph = supergraph;
    this.#conditions = conditionVariables(document);
    const fragments = document.definitions.filter(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION,
    );
    this.#introspection = compileIntrospection(supergraph.apiSchema, operation, fragments);
  }

  /** How to answer under the given variables; compiled once per combination of conditions. */
  response(coerced: Obj): ResponseWriter {
    let key = '';
    for (const name of this.#conditions) key += coerced[name] === true ? '1' : '0';
    const known = this.#responses.get(key);
    if (known) return known;
    const conditions = Object.fromEntries(this.#conditions.map((name) => [name, coerced[name] === true]));
    const context = {
      schema: this.#supergraph.apiSchema,
      fragments: fragmentsOf(this.document.definitions),
      conditions,
    };
    const response = compileResponse(context, this.definition, this.#introspection);
    this.#responses.set(key, response);
    return response;
  }

  /** The plan with these progressive override labels on. @throws GraphQLError when the planner finds none. */
  plan(labels: readonly string[] = []): CompiledPlan {
    const key = labels.join('\n');
    const known = this.#plans.get(key);
    if (known) return known;
    const { plannerApiSchema, planner, overrideLabels, fullSchema } = this.#supergraph;
    const operation = operationFromDocument(
      plannerApiSchema,
      this.document,
      this.operationName === undefined ? {} : { operationName: this.operationName },
    );
    const on = new Set(labels);
    const plan = planner.buildQueryPlan(operation, {
      overrideConditions: new Map(overrideLabels.map((label) => [label, on.has(label)])),
    });
    const { node } = plan;
    const compiled: CompiledPlan =
      node?.kind === 'Subscription'
        ? {
            plan,
            run: compilePlan(fullSchema, node.rest),
            primary: compileFetchSpec(fullSchema, node.primary, []),
          }
        : { plan, run: compilePlan(fullSchema, node), primary: undefined };
    this.#plans.set(key, compiled);
    return compiled;
  }
}
