import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql';
import type { PreparedOperation } from './contract.ts';
import type { Conditions } from './defers.ts';
import { fragmentsOf } from './document.ts';
import { expandFragments } from './expand-fragments.ts';
import { compileIncrementalResponse, type IncrementalResponse } from './incremental/response.ts';
import { compileIntrospection, type IntrospectionAnswer } from './introspect.ts';
import { liveFragments } from './live-fragments.ts';
import { Lru } from './lru.ts';
import type { Obj } from './own.ts';
import type { ParsedOperation } from './parse.ts';
import { compilePlan } from './plan/compile-plan.ts';
import { compileFetchSpec, type FetchSpec, repeatedFetches, usesContext } from './plan/fetch-spec.ts';
import { restoreCalls } from './plan/restore-calls.ts';
import { flattenRoot, inOrder } from './plan/serial-mutation.ts';
import type { Step } from './plan/step.ts';
import { plannerDocument } from './planner-document.ts';
import { compileResponse, type ResponseWriter } from './response.ts';
import type { CollectContext } from './shape/collect.ts';
import type { LoadedSupergraph, Planner } from './supergraph.ts';
import { firstInTime } from './time-limit.ts';
import { conditionVariables, usesDefer } from './variables.ts';

/** A plan and its compiled form. */
export interface CompiledPlan {
  readonly plan: QueryPlan;
  /** Runs a query or mutation, or what follows each event of a subscription. */
  readonly run: Step;
  /** What to subscribe to, for subscriptions. */
  readonly primary: FetchSpec | undefined;
}

/** Most variants of one operation kept: one per combination of the Booleans its `@skip`, `@include` and `@defer` look at, and of override labels. */
const MOST_VARIANTS = 64;
/** With more Booleans than this the plan of a query keeps the conditions, rather than there being one plan per combination. */
const MOST_PLANNED_CONDITIONS = 6;

/** Planning blocks everything else, so that it must end; usual operations take 2–20 ms. */
const MOST_MS_TO_PLAN = 1_000;
/** For the last attempt. */
const MOST_MS_TO_PLAN_QUICKLY = 3_000;

export class CompiledOperation implements PreparedOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly operationName?: string;
  readonly document: DocumentNode;
  readonly hash: string;
  readonly hasDefer: boolean;
  readonly definition: OperationDefinitionNode;
  readonly #supergraph: LoadedSupergraph;
  /**
   * What is planned and answered. With `@defer`, fragments are expanded; and of a mutation, whose fields have to be planned
   * in their order.
   */
  readonly #document: DocumentNode;
  readonly #definition: OperationDefinitionNode;
  readonly #isDeferrable: boolean;
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
    const expanded = this.hasDefer || this.kind === 'mutation' ? expandFragments(document) : document;
    this.#isDeferrable = this.hasDefer && expanded !== undefined;
    this.#document = expanded ?? document;
    this.#definition = operationNamed(this.#document, operation);
    this.#supergraph = supergraph;
    this.#conditions = conditionVariables(document);
    const fragments = document.definitions.filter(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION,
    );
    this.#introspection = compileIntrospection(supergraph.apiSchema, operation, fragments);
  }

  /** How to answer under the given variables; compiled once per combination of conditions. */
  response(coerced: Obj): ResponseWriter {
    const key = this.#conditionKey(coerced);
    const known = this.#responses.get(key);
    if (known) return known;
    const context = this.#collectContext(this.#conditionsOf(coerced));
    const response = compileResponse(context, this.#definition, this.#introspection);
    this.#responses.set(key, response);
    return response;
  }

  /** How to answer part by part under the given variables, with the given plan. */
  incrementalResponse(coerced: Obj, { plan }: CompiledPlan): IncrementalResponse {
    const context = this.#collectContext(this.#conditionsOf(coerced));
    return compileIncrementalResponse(
      context,
      this.#document,
      this.#definition,
      this.#introspection,
      coerced,
      plannedParts(plan.node),
    );
  }

  /** The plan under the given variables, with these progressive override labels on. @throws GraphQLError when the planner finds none. */
  plan(coerced: Obj, labels: readonly string[] = []): CompiledPlan {
    // A field of a mutation that is selected twice, once on a condition, is called twice when the plan keeps the condition.
    const most = this.kind === 'mutation' ? Number.POSITIVE_INFINITY : MOST_PLANNED_CONDITIONS;
    const settled = this.#conditions.length > 0 && this.#conditions.length <= most;
    const key = `${settled ? this.#conditionKey(coerced) : ''}${labels.join('\n')}`;
    const known = this.#plans.get(key);
    if (known) return known;
    // Literal conditions are carried out in any case.
    const conditions = settled || this.#conditions.length === 0 ? this.#conditionsOf(coerced) : undefined;
    const compiled = this.#compile(conditions, new Set(labels));
    this.#plans.set(key, compiled);
    return compiled;
  }

  #compile(conditions: Conditions | undefined, labels: ReadonlySet<string>): CompiledPlan {
    const { plannerApiSchema, planner, quickPlanner, overrideLabels, aliases, calls } = this.#supergraph;
    const { apiSchema, interfaceObjects } = this.#supergraph;
    const overrideConditions = new Map(overrideLabels.map((label) => [label, labels.has(label)]));
    const name = this.operationName === undefined ? {} : { operationName: this.operationName };
    const isMutation = this.kind === 'mutation';
    const plannedBy = (by: Planner, withoutDefer: boolean): QueryPlan => {
      const simple = plannerDocument(this.#document, aliases, { conditions, withoutDefer });
      const live = liveFragments(simple, apiSchema, interfaceObjects);
      const document = isMutation ? flattenRoot(live) : live;
      const operation = operationFromDocument(plannerApiSchema, document, name);
      const plan = by.buildQueryPlan(operation, { overrideConditions });
      return isMutation ? inOrder(plan, document, this.operationName) : plan;
    };
    // The planner does not master every use of `@defer`, and can take very long to find the best of many plans.
    const plan = firstInTime(
      [
        ...(this.#isDeferrable ? [{ most: MOST_MS_TO_PLAN, work: () => plannedBy(planner, false) }] : []),
        { most: MOST_MS_TO_PLAN, work: () => plannedBy(planner, true) },
        { most: MOST_MS_TO_PLAN_QUICKLY, work: () => plannedBy(quickPlanner(), true) },
      ],
      isMistakeOfClient,
    );
    return this.#compilePlan(restoreCalls(plan, calls));
  }

  #compilePlan(plan: QueryPlan): CompiledPlan {
    const { fullSchema, entityKeys, fieldNeeds, interfaces } = this.#supergraph;
    const { node } = plan;
    const hasContext = usesContext(node);
    const isRepeatable = this.kind !== 'mutation' && !hasContext;
    const repeated = isRepeatable ? repeatedFetches(node) : new Set<string>();
    const types = {
      schema: fullSchema,
      entityKeys,
      fieldNeeds,
      interfaces,
      hasContext,
      repeatedFetches: repeated,
      caching: this.kind === 'query' ? this.#supergraph.caching : undefined,
    };
    if (node?.kind !== 'Subscription') return { plan, run: compilePlan(types, node), primary: undefined };
    return { plan, run: compilePlan(types, node.rest), primary: compileFetchSpec(types, node.primary, []) };
  }

  #collectContext(conditions: Conditions): CollectContext {
    const { apiSchema: schema, fullSchema, aliases } = this.#supergraph;
    return { schema, fullSchema, aliases, fragments: fragmentsOf(this.#document), conditions };
  }

  #conditionKey(coerced: Obj): string {
    let key = '';
    for (const name of this.#conditions) key += coerced[name] === true ? '1' : '0';
    return key;
  }

  #conditionsOf(coerced: Obj): Conditions {
    return Object.fromEntries(this.#conditions.map((name) => [name, coerced[name] === true]));
  }
}

/** `@defer` where it may not be: no other attempt finds it better. */
function isMistakeOfClient(error: unknown): boolean {
  return error instanceof Error && error.message.includes('mutation root type');
}

function operationNamed(document: DocumentNode, { name }: OperationDefinitionNode): OperationDefinitionNode {
  const found = document.definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name?.value,
  );
  if (found?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The operation is not in its document');
  return found;
}

/** The ids of the deferred parts of a plan. */
function plannedParts(node: QueryPlan['node']): Set<string> {
  const ids = new Set<string>();
  // Plans are plain data: every deferred node is in an array under `deferred`, however deep.
  JSON.stringify(node, (key, value: unknown) => {
    if (key === 'deferred' && Array.isArray(value))
      for (const { label } of value as { label?: string }[]) if (label !== undefined) ids.add(label);
    return value;
  });
  return ids;
}
