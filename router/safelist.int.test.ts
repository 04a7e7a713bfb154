import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { killRouters, startProcess } from './fixtures/router-process.ts';
import { type HttpSubgraph, httpSubgraph } from './server/test/http-subgraph.ts';
import { testGraph } from './server/test/test-graph.ts';

const QUERY =
  'query Product {\n  product(id: "1") {\n    ...Card\n  }\n}\n\nfragment Card on Product {\n  title\n}';
const TICKS = 'subscription Ticks {\n  ticks(to: 2) {\n    n\n  }\n}';
const idOf = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (text: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: idOf(text) } },
});
/** The ways to name a registered operation, all of which mean the same text. */
const ways = (text: string): Record<string, object> => ({
  'by its hash': persisted(text),
  'by its document id': { documentId: `sha256:${idOf(text)}` },
  'by its text': { query: text },
  'by hash and text': { query: text, ...persisted(text) },
  'in another spelling': { query: `# a comment\n${text.replaceAll(/\s+/g, ' ')}` },
});
const UNREGISTERED = {
  'another operation': { query: '{ products { title } }' },
  'another one with the id of a registered one': { query: '{ products { title } }', ...persisted(QUERY) },
  'an unknown hash': persisted('{ __typename }'),
  'what is no GraphQL': { query: '{{{' },
};

let folder: string;
let url: string;
let catalogue: HttpSubgraph;

before(async () => {
  const graph = testGraph();
  folder = await mkdtemp(join(tmpdir(), 'aisle-safelist-'));
  catalogue = await httpSubgraph(graph.hosts.catalogue!);
  const file = (name: string) => join(folder, name);
  await writeFile(file('supergraph.graphql'), graph.supergraphSdl);
  await writeFile(
    file('operations.json'),
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [QUERY, TICKS].map((body) => ({ id: idOf(body), name: 'x', type: 'query', body })),
    }),
  );
  await writeFile(
    file('router.json'),
    JSON.stringify({
      routingUrls: { catalogue: catalogue.url, inventory: catalogue.url },
      subgraphs: { all: { subscriptions: 'sse' } },
      registeredOperations: { file: file('operations.json'), only: true },
    }),
  );
  const args = ['--supergraph', file('supergraph.graphql'), '--port', '0', '--config', file('router.json')];
  url = await startProcess(args).url;
});

after(async () => {
  killRouters();
  await catalogue.stop();
  await rm(folder, { recursive: true, force: true });
});

const post = (body: object, accept = 'application/json') =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });

/** What comes over one WebSocket for one operation: its events, or its errors. */
async function overWebSocket(payload: object): Promise<unknown[]> {
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const results: unknown[] = [];
  // The protocol asks for a query; clients that send an id leave it empty.
  const given = { query: '', ...payload };
  try {
    await new Promise<void>((resolve, reject) =>
      client.subscribe(given, {
        next: (result) => results.push(result),
        error: reject,
        complete: resolve,
      }),
    );
  } catch (errors) {
    return [errors instanceof Error ? { error: errors.message } : { errors }];
  } finally {
    await client.dispose();
  }
  return results;
}

async function overSse(body: object): Promise<unknown[]> {
  const text = await (await post(body, 'text/event-stream')).text();
  return [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json as string) as unknown);
}

const CODE = 'OPERATION_NOT_REGISTERED';
const codeOf = (result: unknown) =>
  (result as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

describe('a router with a safelist', () => {
  const product = { data: { product: { title: 'Oat milk' } } };
  const ticks = [{ data: { ticks: { n: 1 } } }, { data: { ticks: { n: 2 } } }];

  for (const [way, body] of Object.entries(ways(QUERY))) {
    it(`serves a registered query ${way}, over HTTP, graphql-ws and SSE`, async () => {
      assert.deepEqual(await (await post(body)).json(), product);
      assert.deepEqual(await overWebSocket(body), [product]);
      assert.deepEqual(await overSse(body), [product]);
    });
  }
  for (const [way, body] of Object.entries(ways(TICKS))) {
    it(`serves a registered subscription ${way}, over graphql-ws and SSE`, async () => {
      assert.deepEqual(await overWebSocket(body), ticks);
      assert.deepEqual(await overSse(body), ticks);
    });
  }
  for (const [what, body] of Object.entries(UNREGISTERED)) {
    it(`refuses ${what}, over HTTP, graphql-ws and SSE`, async () => {
      const refused = await post(body);
      assert.equal(refused.status, 400);
      assert.equal(codeOf(await refused.json()), CODE);
      assert.deepEqual((await overWebSocket(body)).map(codeOf), [CODE]);
      const streamed = await post(body, 'text/event-stream');
      const text = await streamed.text();
      assert.match(text, new RegExp(CODE), text);
      assert.doesNotMatch(text, /"data":\{/);
    });
  }
  it('serves a registered query by GET', async () => {
    const search = new URLSearchParams({ documentId: idOf(QUERY) });
    assert.deepEqual(await (await fetch(`${url}?${search}`)).json(), product);
  });
});
