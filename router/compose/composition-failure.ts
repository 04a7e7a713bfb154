import type { GraphQLError } from 'graphql';

export interface CompositionProblem {
  /** Stable code of Apollo's composition (`INVALID_GRAPHQL`, `SATISFIABILITY_ERROR`, …) or ours (`SUPERGRAPH_FILE`). */
  readonly code: string;
  readonly message: string;
  /** Where, as `file:line:column`, as far as known. */
  readonly locations: readonly string[];
}

/** The subgraphs do not fit together; `problems` lists everything found, `message` is the readable list. */
export class CompositionFailure extends Error {
  readonly problems: readonly CompositionProblem[];

  constructor(problems: readonly CompositionProblem[], options?: ErrorOptions) {
    const lines = problems.map(
      (p) => `- ${p.code}: ${p.message}${p.locations.length > 0 ? ` (${p.locations.join(', ')})` : ''}`,
    );
    super(
      `The supergraph does not compose (${problems.length} problem${problems.length === 1 ? '' : 's'}):\n${lines.join('\n')}`,
      options,
    );
    this.name = 'CompositionFailure';
    this.problems = problems;
  }
}

/** Apollo's error as a problem; `files` maps a subgraph's name to its schema file. */
export function toProblem(error: GraphQLError, files: ReadonlyMap<string, string>): CompositionProblem {
  const code = typeof error.extensions.code === 'string' ? error.extensions.code : 'COMPOSITION_ERROR';
  const locations = (error.nodes ?? []).flatMap((node) => {
    const start = node.loc?.startToken;
    if (!start) return [];
    const subgraph = (node as { subgraph?: string }).subgraph;
    const file = subgraph === undefined ? undefined : (files.get(subgraph) ?? subgraph);
    return file === undefined ? [] : [`${file}:${start.line}:${start.column}`];
  });
  return { code, message: error.message, locations: [...new Set(locations)] };
}
