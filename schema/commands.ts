import { glob, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';

export interface Subgraph {
  readonly name: string;
  readonly folder: string;
  readonly ast: DocumentNode;
  readonly schema: GraphQLSchema;
}

export interface CommandDocument {
  readonly file: string;
  readonly document: DocumentNode;
  readonly callee: Subgraph;
}

/** Every subgraph of the repository with its own schema, commands included; by name. */
export async function readSubgraphs(): Promise<Subgraph[]> {
  const found: Subgraph[] = [];
  for await (const file of glob('subgraphs/*/schema.graphql')) {
    const folder = dirname(file);
    const ast = parse(await readFile(file, 'utf8'));
    found.push({ name: basename(folder), folder, ast, schema: buildSubgraphSchema(ast) });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The commands a context sends: `calls/<callee>/*.graphql`, or `calls/*.graphql` where only one callee can be meant.
 * @throws Error naming the file, when a document is not valid for its callee
 */
export async function readCommands(caller: Subgraph, all: readonly Subgraph[]): Promise<CommandDocument[]> {
  const files: string[] = [];
  for await (const file of glob(`${caller.folder}/calls/**/*.graphql`)) files.push(file);
  const found: CommandDocument[] = [];
  for (const file of files.sort()) {
    const document = parseFile(file, await readFile(file, 'utf8'));
    found.push({ file, document, callee: calleeOf(file, document, caller, all) });
  }
  return found;
}

function parseFile(file: string, text: string): DocumentNode {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new Error(`${file}: ${error.message}`);
  }
}

function calleeOf(
  file: string,
  document: DocumentNode,
  caller: Subgraph,
  all: readonly Subgraph[],
): Subgraph {
  const named = all.find(({ name }) => basename(dirname(file)) === name);
  const candidates = named ? [named] : all.filter(({ name }) => name !== caller.name);
  const fitting = candidates.filter(({ schema }) => validate(schema, document).length === 0);
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1) {
    const names = fitting.map(({ name }) => name).join(' and ');
    throw new Error(`${file} is valid for ${names}: move it into a folder named after its callee.`);
  }
  const problems = candidates.flatMap(({ name, schema }) =>
    validate(schema, document).map((error) => `  ${name}: ${error.message}`),
  );
  throw new Error(`${file} is valid for no subgraph it may call:\n${problems.slice(0, 10).join('\n')}`);
}
