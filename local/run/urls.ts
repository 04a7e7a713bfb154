import type { Env } from '@aisle/platform/config';
import { keptPort } from '../stores/process.ts';

const variable = (name: string) => `SUBGRAPH_URL_${name.toUpperCase().replaceAll('-', '_')}`;

/** Addresses of the subgraphs' GraphQL endpoints, as the environment names them: SUBGRAPH_URL_ORDERS … */
export function subgraphUrls(env: Env, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (env[variable(name)] ? [[name, env[variable(name)]!]] : [])),
  );
}

/** Gives every subgraph a port of this home, the same one at each start where it is still free. */
export async function assignUrls(home: string, names: readonly string[]): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const name of names) {
    env[variable(name)] = `http://127.0.0.1:${await keptPort(home, `subgraph-${name}`)}/graphql`;
  }
  return env;
}
