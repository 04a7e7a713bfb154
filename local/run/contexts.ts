import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SubgraphDefinition } from '@aisle/platform/service';
import { readSupergraphFile } from '../../router/compose/supergraph-file.ts';
import { SetupError } from '../errors.ts';
import { ROOT } from '../settings.ts';

// biome-ignore lint/suspicious/noExplicitAny: each context has its own types of config and ports
export type AnyDefinition = SubgraphDefinition<any, any>;

export interface Context {
  readonly name: string;
  /** The context's folder. */
  readonly root: string;
  readonly definition: AnyDefinition;
}

/** Name and folder of every subgraph, as `supergraph.yaml` has them. */
export async function listContexts(): Promise<{ name: string; root: string }[]> {
  const sources = await readSupergraphFile(join(ROOT, 'supergraph.yaml'));
  return sources.map(({ name, file }) => ({ name, root: dirname(file) }));
}

/** Imports the definitions of all subgraphs. */
export async function loadContexts(): Promise<Context[]> {
  return Promise.all((await listContexts()).map(load));
}

async function load({ name, root }: { name: string; root: string }): Promise<Context> {
  const entry = join(root, 'index.ts');
  if (!existsSync(entry)) throw new SetupError(`The subgraph "${name}" of supergraph.yaml has no ${entry}.`);
  const { default: definition } = (await import(pathToFileURL(entry).href)) as { default: AnyDefinition };
  return { name, root, definition };
}
