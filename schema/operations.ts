import { glob, readFile } from 'node:fs/promises';
import { type DocumentNode, type FragmentDefinitionNode, Kind, parse, visit } from 'graphql';
import type { RegisteredOperation } from './changes.ts';

/** Every operation under `clients/<client>/…/*.graphql`, with the fragments of its client that it uses. */
export async function readOperations(): Promise<RegisteredOperation[]> {
  const byClient = new Map<string, DocumentNode['definitions'][number][]>();
  for await (const file of glob('clients/**/*.graphql')) {
    if (file.includes('node_modules')) continue;
    const client = file.split(/[\\/]/)[1]!;
    byClient.set(client, [
      ...(byClient.get(client) ?? []),
      ...parse(await readFile(file, 'utf8')).definitions,
    ]);
  }
  return [...byClient].flatMap(([client, definitions]) => {
    const fragments = new Map(
      definitions
        .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
    return definitions
      .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
      .map((node) => ({
        name: `${client}:${node.name?.value ?? 'anonymous'}`,
        document: {
          kind: Kind.DOCUMENT,
          definitions: [node, ...fragmentsOf(node, fragments)],
        } as DocumentNode,
      }));
  });
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
