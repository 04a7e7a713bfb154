import { silentLog } from '@aisle/platform/log';
import { type RouterOptions, type RunningRouter, startRouter } from '../index.ts';
import { testGraph } from './test-graph.ts';

const graph = testGraph();

/** A router on a free port over the test graph, in development mode. */
export function testRouter(options: Partial<RouterOptions> = {}): Promise<RunningRouter> {
  return startRouter({
    supergraph: { sdl: graph.supergraphSdl },
    hosts: graph.hosts,
    port: 0,
    mode: 'development',
    log: silentLog,
    ...options,
  });
}

export const testSupergraph = graph.supergraphSdl;
export const testHosts = graph.hosts;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
  readonly body: any;
}

/** Posts one operation and reads the JSON answer. */
export async function post(
  router: RunningRouter,
  body: string | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(router.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** The code of the first error. */
export const codeOf = ({ body }: Answer): string | undefined => body?.errors?.[0]?.extensions?.code;
