import { readFile } from 'node:fs/promises';
import { createAuthoriser, type OnDenied, type Policy } from '../authorisation/index.ts';
import { composeFile, isSupergraphFile } from '../compose/index.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine/index.ts';
import { authorisedEngine } from './authorised-engine.ts';
import type { SupergraphSource } from './options.ts';

export interface LoadOptions extends Omit<EngineOptions, 'supergraphSdl'> {
  /** The functions behind `@policy`, by name. */
  readonly policies?: Readonly<Record<string, Policy>> | undefined;
  readonly onDenied?: OnDenied | undefined;
  /** Composes a `supergraph.yaml`. @default in this thread */
  readonly compose?: typeof composeFile | undefined;
}

/**
 * The engine of a supergraph: composed SDL, a file of it, or a `supergraph.yaml` that is composed first.
 * @throws one sentence that names the file and what is wrong with it
 */
export async function loadEngine(
  source: SupergraphSource,
  { policies, onDenied, compose = composeFile, ...options }: LoadOptions,
): Promise<Engine> {
  const supergraphSdl = 'sdl' in source ? source.sdl : await readSupergraph(source.file, compose);
  const what = 'sdl' in source ? 'The supergraph' : `The supergraph ${source.file}`;
  try {
    const engine = await createEngine({ ...options, supergraphSdl });
    return authorisedEngine(
      engine,
      createAuthoriser(supergraphSdl, engine.apiSchema, policies),
      onDenied ?? 'null',
    );
  } catch (cause) {
    throw new Error(`${what} cannot be served: ${firstLine(cause)}`, { cause });
  }
}

async function readSupergraph(file: string, compose: typeof composeFile): Promise<string> {
  try {
    return isSupergraphFile(file) ? (await compose(file)).supergraphSdl : await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`The supergraph ${file} does not exist.`, { cause });
    if (code === 'EISDIR') throw new Error(`The supergraph ${file} is a folder, not a file.`, { cause });
    throw new Error(`The supergraph ${file} cannot be read: ${firstLine(cause)}`, { cause });
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n').find((text) => text.trim() !== '') ?? 'no reason given';
  return line.trim().replace(/\.?$/, '.');
}
