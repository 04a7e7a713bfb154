import { readFile } from 'node:fs/promises';
import { createAuthoriser, type OnDenied, type Policy } from '../authorisation/index.ts';
import { CompositionFailure, composeFile, isSupergraphFile } from '../compose/index.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine/index.ts';
import { authorisedEngine } from './authorised-engine.ts';
import type { SupergraphSource } from './options.ts';

/** Problems of a composition told in one sentence. */
const MOST_TOLD = 3;

export interface LoadOptions extends Omit<EngineOptions, 'supergraphSdl'> {
  /** The functions behind `@policy`, by name. */
  readonly policies?: Readonly<Record<string, Policy>> | undefined;
  readonly onDenied?: OnDenied | undefined;
  /** Composes a `supergraph.yaml`. @default in this thread */
  readonly compose?: typeof composeFile | undefined;
  /** What goes around the engine. @default nothing */
  readonly around?: (engine: Engine) => Engine;
}

/**
 * The engine of a supergraph: composed SDL, a file of it, or a `supergraph.yaml` that is composed first.
 * @throws one sentence that names the file and what is wrong with it
 */
export async function loadEngine(
  source: SupergraphSource,
  { policies, onDenied, compose = composeFile, around = (engine) => engine, ...options }: LoadOptions,
): Promise<Engine> {
  const supergraphSdl = 'sdl' in source ? source.sdl : await readSupergraph(source.file, compose);
  const what = 'sdl' in source ? 'The supergraph' : `The supergraph ${source.file}`;
  let engine: Engine | undefined;
  try {
    engine = await createEngine({ ...options, supergraphSdl });
    const authoriser = createAuthoriser(supergraphSdl, engine.apiSchema, policies);
    return around(authorisedEngine(engine, authoriser, onDenied ?? 'null'));
  } catch (cause) {
    // What was opened for it is of no use to the one that goes on being served.
    await engine?.close();
    throw new Error(`${what} cannot be served: ${reasonOf(cause)}`, { cause });
  }
}

async function readSupergraph(file: string, compose: typeof composeFile): Promise<string> {
  try {
    return isSupergraphFile(file) ? (await compose(file)).supergraphSdl : await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof CompositionFailure)
      throw new Error(`The supergraph ${file} does not compose: ${problemsOf(cause)}`, { cause });
    if (code === 'ENOENT') throw new Error(`The supergraph ${file} does not exist.`, { cause });
    if (code === 'EISDIR') throw new Error(`The supergraph ${file} is a folder, not a file.`, { cause });
    throw new Error(`The supergraph ${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** The first problems with their places, and how to see the others. */
function problemsOf({ problems }: CompositionFailure): string {
  const told = problems.slice(0, MOST_TOLD).map(({ code, message, locations }) => {
    const where = locations.length > 0 ? ` (${locations.join(', ')})` : '';
    return `${code}: ${reasonOf(message).replace(/\.$/, '')}${where}`;
  });
  const others = problems.length - told.length;
  return `${told.join('; ')}${others > 0 ? `; and ${others} more, which \`router check\` lists` : ''}.`;
}

/** Characters of what is wrong: more is what `router check` is for. */
const LONGEST = 600;

/** Everything that is wrong, in one line. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/\s+/g, ' ').replace(/\.\. /g, '. ').trim() || 'no reason given';
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line.replace(/[.:]?$/, '.');
}
