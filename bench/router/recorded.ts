import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';

/**
 * A subgraph that executes each distinct request once and then repeats the answer: all gateways get the same answers, and what is measured is the gateways.
 * @returns the JSON of the response.
 */
export function recordedSubgraph(
  schema: GraphQLSchema,
): (query: string | DocumentNode, variables: unknown) => Promise<string> {
  const answers = new Map<string | DocumentNode, Map<string, Promise<string>>>();
  return (query, variables) => {
    let byVariables = answers.get(query);
    if (!byVariables) {
      byVariables = new Map();
      answers.set(query, byVariables);
    }
    const key = JSON.stringify(variables) ?? '';
    let answer = byVariables.get(key);
    if (!answer) {
      answer = (async () => {
        const document = typeof query === 'string' ? parse(query) : query;
        return JSON.stringify(
          await execute({ schema, document, variableValues: variables as Record<string, unknown> }),
        );
      })();
      byVariables.set(key, answer);
    }
    return answer;
  };
}
