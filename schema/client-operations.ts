import { glob, readFile } from 'node:fs/promises';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import type { RegisteredOperation } from './changes.ts';

export interface ClientOperation extends RegisteredOperation {
  readonly definition: OperationDefinitionNode;
}

/** Every operation under `<folder>/<client>/…/*.graphql`, with the fragments of its client that it uses. */
export async function clientOperations(folder: string): Promise<ClientOperation[]> {
  const byClient = new Map<string, DocumentNode['definitions'][number][]>();
  for (const file of await filesOf(folder)) {
    const client = file.split(/[\\/]/)[0]!;
    const { definitions } = parseFile(await readFile(`${folder}/${file}`, 'utf8'), `${folder}/${file}`);
    byClient.set(client, [...(byClient.get(client) ?? []), ...definitions]);
  }
  return [...byClient].flatMap(([client, definitions]) => {
    const fragments = new Map(
      definitions
        .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
    return definitions
      .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
      .map((definition) => ({
        name: `${client}:${definition.name?.value ?? 'anonymous'}`,
        definition,
        document: { kind: Kind.DOCUMENT, definitions: [definition, ...fragmentsOf(definition, fragments)] },
      }));
  });
}

async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob('*/**/*.graphql', { cwd: folder }))
    if (!file.includes('node_modules')) files.push(file);
  return files.sort();
}

function parseFile(text: string, file: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch (cause) {
    throw new Error(`${file} is no GraphQL: ${(cause as Error).message}`, { cause });
  }
}

function fragmentsOf(
  root: DocumentNode['definitions'][number],
  all: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const found = new Map<string, FragmentDefinitionNode>();
  const collect = (node: DocumentNode['definitions'][number]) =>
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = all.get(name.value);
        if (!fragment || found.has(name.value)) return;
        found.set(name.value, fragment);
        collect(fragment);
      },
    });
  collect(root);
  return [...found.values()];
}
