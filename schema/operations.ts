import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { checkDocument, costRulesOf, DEFAULT_LIMITS, operationCost } from '../router/limits/index.ts';
import { normalForm } from '../router/server/normal-form.ts';
import type { RegisteredOperation } from './changes.ts';
import { clientOperations } from './client-operations.ts';

/** Every operation that a client sends. What a router in safelist mode runs, and what the schema check judges changes by. */
export const OPERATIONS = 'schema/operations.json';

/** Apollo's manifest of persisted queries. */
export interface Manifest {
  readonly format: 'apollo-persisted-query-manifest';
  readonly version: 1;
  readonly operations: readonly {
    /** SHA-256 of the body, in hexadecimal digits. */
    readonly id: string;
    /** `web:ProductPage` */
    readonly name: string;
    readonly type: 'query' | 'mutation' | 'subscription';
    readonly body: string;
  }[];
}

/** What the clients' documents are checked against. */
export interface Graph {
  readonly api: GraphQLSchema;
  readonly supergraphSdl: string;
}

/** The registered operations as they were last written. @throws SyntaxError when the file is no JSON */
export async function readOperations(): Promise<RegisteredOperation[]> {
  if (!existsSync(OPERATIONS)) return [];
  const { operations } = JSON.parse(await readFile(OPERATIONS, 'utf8')) as Manifest;
  return operations.map(({ name, body }) => ({ name, document: parse(body) }));
}

/** The manifest of what is under `clients/` now, as it is written to the file: the same bytes for the same operations. */
export async function renderManifest(folder = 'clients'): Promise<string> {
  const operations = (await clientOperations(folder)).map(({ name, document, definition }) => {
    const body = normalForm(document);
    const id = createHash('sha256').update(body).digest('hex');
    return { id, name, type: definition.operation, body };
  });
  operations.sort((a, b) => (a.name < b.name ? -1 : 1));
  const manifest: Manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What keeps operations under `clients/` from being registered: worded for a person, with client and operation. */
export async function operationProblems(
  { api, supergraphSdl }: Graph,
  folder = 'clients',
): Promise<string[]> {
  const rules = costRulesOf(supergraphSdl);
  const seen = new Set<string>();
  return (await clientOperations(folder)).flatMap(({ name, document, definition }) => {
    const problems: string[] = [];
    if (!definition.name) problems.push('has no name');
    if (seen.has(name)) problems.push('is there twice');
    seen.add(name);
    if (!api.getRootType(definition.operation)) problems.push(`the API has no ${definition.operation}s`);
    problems.push(...validate(api, document).map(({ message }) => message));
    if (problems.length === 0) {
      const limits = checkDocument(document, { limits: DEFAULT_LIMITS, introspection: false });
      problems.push(...limits.map(({ message }) => message));
      // With the smallest pages: what a request asks for is known when it comes.
      const cost = operationCost(api, rules, document, undefined).estimate(undefined);
      if (cost > DEFAULT_LIMITS.cost) problems.push(`costs ${cost}; ${DEFAULT_LIMITS.cost} is allowed`);
    }
    return problems.map((problem) => `${name}: ${problem}`);
  });
}
