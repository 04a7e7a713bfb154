import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { anonymous } from '@aisle/platform/identity';
import { createEngine, type SubgraphTransport } from '../../../router/engine/index.ts';
import { httpTransport, inMemoryTransport } from '../../../router/transports/index.ts';
import { type SubgraphName, subgraphSchema } from '../graph/subgraphs.ts';
import { recordedSubgraph } from '../recorded.ts';
import { listenAndReport } from './report.ts';

/** Our engine behind a bare HTTP handler; `SUPERGRAPH` is the SDL, `TRANSPORT` is `http` or `memory`. */
function memory(name: string): SubgraphTransport {
  const answer = recordedSubgraph(subgraphSchema(name as SubgraphName));
  return inMemoryTransport({
    execute: async ({ document, variables }) => JSON.parse(await answer(document, variables)),
    subscribe: () => Promise.reject(new Error('No subscriptions here')),
  });
}

const engine = await createEngine({
  supergraphSdl: process.env.SUPERGRAPH ?? '',
  transports: (name, url) =>
    process.env.TRANSPORT === 'memory' ? memory(name) : httpTransport({ name, url }),
});

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const { query, operationName, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const operation = engine.prepare(query, operationName);
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const context = {
      caller: anonymous(),
      requestId: randomUUID(),
      deadline: Date.now() + 10_000,
      signal: gone.signal,
    };
    const json =
      'errors' in operation
        ? JSON.stringify(operation)
        : await engine.executeToJson(operation, variables, context);
    response
      .writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(json),
      })
      .end(json);
  });
});
listenAndReport(server);
