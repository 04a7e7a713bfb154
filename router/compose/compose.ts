import { type CompositionResult, composeServices } from '@apollo/composition';
import type { ServiceDefinition } from '@apollo/federation-internals';
import { type GraphQLError, parse } from 'graphql';
import { attributeHints } from './attribute-hints.ts';
import { CompositionFailure, type CompositionProblem, toProblem } from './composition-failure.ts';
import { requiresCircles } from './requires-circles.ts';
import { readSupergraphFile, type SubgraphSource } from './supergraph-file.ts';

export interface CompositionHint {
  readonly code: string;
  readonly message: string;
}

export interface Composition {
  readonly supergraphSdl: string;
  readonly hints: readonly CompositionHint[];
  readonly subgraphs: readonly SubgraphSource[];
}

/**
 * Composes subgraphs with Apollo's composition.
 * @throws CompositionFailure with everything that is wrong.
 */
export function composeSubgraphs(sources: readonly SubgraphSource[]): Composition {
  const files = new Map(sources.map((source) => [source.name, source.file]));
  const problems: CompositionProblem[] = [];
  const services: ServiceDefinition[] = [];
  for (const { name, url, file, sdl } of sources) {
    try {
      services.push({ name, url, typeDefs: parse(sdl) });
    } catch (error) {
      const { message, locations } = error as GraphQLError;
      const places = (locations ?? []).map(({ line, column }) => `${file}:${line}:${column}`);
      problems.push({ code: 'INVALID_GRAPHQL', message: `[${name}] ${message}`, locations: places });
    }
  }
  if (problems.length > 0) throw new CompositionFailure(problems);
  const result = composed(services, sources);
  if (result.errors) throw new CompositionFailure(result.errors.map((error) => toProblem(error, files)));
  const hints = result.hints
    .map((hint) => ({ code: hint.definition.code, message: hint.message }))
    // That subgraphs keep what they know of a type for different times is no mistake, and nothing of it is lost.
    .filter(({ message }) => !message.includes('directive @cacheControl '));
  return { supergraphSdl: attributeHints(result.supergraphSdl, sources), hints, subgraphs: sources };
}

/** Apollo's composition does not tell of everything: some faults make it fail itself. */
function composed(services: ServiceDefinition[], sources: readonly SubgraphSource[]): CompositionResult {
  try {
    return composeServices(services);
  } catch (error) {
    const circles = error instanceof RangeError ? requiresCircles(sources) : [];
    if (circles.length > 0) throw new CompositionFailure(circles);
    const message = error instanceof Error ? error.message : String(error);
    const told = { code: 'COMPOSITION_ERROR', message: `Composition failed: ${message}`, locations: [] };
    throw new CompositionFailure([told], { cause: error });
  }
}

/** Reads and composes a `supergraph.yaml`. @throws CompositionFailure */
export async function composeFile(path: string): Promise<Composition> {
  return composeSubgraphs(await readSupergraphFile(path));
}
