import { type AddressInfo, createServer } from 'node:net';
import { type SubgraphName, subgraphSchema } from './graph/subgraphs.ts';
import { recordedSubgraph } from './recorded.ts';

/**
 * One subgraph over HTTP/1.1, its name is the first argument; tells the parent its port. It reads requests straight off the socket and answers with prepared bytes: all of
 * the machine that the subgraphs do not need is left to the gateways, whichever it is.
 */
const answer = recordedSubgraph(subgraphSchema(process.argv[2] as SubgraphName));
const responses = new Map<string, Buffer>();
const END_OF_HEAD = '\r\n\r\n';

async function respond(body: string): Promise<Buffer> {
  const { query, variables } = JSON.parse(Buffer.from(body, 'latin1').toString());
  const json = Buffer.from(await answer(query, variables ?? {}));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${json.length}\r\nconnection: keep-alive\r\nkeep-alive: timeout=60\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), json]);
}

/** The body of the request that starts the text, and where it ends; `undefined` while it is incomplete. */
function firstRequest(text: string): { body: string; end: number } | undefined {
  const headEnd = text.indexOf(END_OF_HEAD);
  if (headEnd < 0) return undefined;
  const start = headEnd + END_OF_HEAD.length;
  const head = text.slice(0, start);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined)
    return text.length < start + Number(length)
      ? undefined
      : { body: text.slice(start, start + Number(length)), end: start + Number(length) };
  if (!/^transfer-encoding: *chunked/im.test(head)) return { body: '', end: start };
  let body = '';
  for (let at = start; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const chunkEnd = lineEnd + 2 + size + 2;
    if (text.length < chunkEnd) return undefined;
    if (size === 0) return { body, end: chunkEnd };
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = chunkEnd;
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  let busy = false;
  const serve = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let request = firstRequest(text); request; request = firstRequest(text)) {
      text = text.slice(request.end);
      let response = responses.get(request.body);
      if (!response) {
        response = await respond(request.body);
        responses.set(request.body, response);
      }
      socket.write(response);
    }
    busy = false;
  };
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text = text === '' ? chunk : text + chunk;
    void serve();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
