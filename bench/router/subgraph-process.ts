import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SubgraphName, subgraphSchema } from './graph/subgraphs.ts';
import { recordedSubgraph } from './recorded.ts';

/** One subgraph over HTTP; its name is the first argument. Tells the parent its port. */
const answer = recordedSubgraph(subgraphSchema(process.argv[2] as SubgraphName));
const answers = new Map<string, Buffer>();

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const body = (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString('latin1');
    let json = answers.get(body);
    if (!json) {
      const { query, variables } = JSON.parse(Buffer.from(body, 'latin1').toString());
      json = Buffer.from(await answer(query, variables ?? {}));
      answers.set(body, json);
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length }).end(json);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
