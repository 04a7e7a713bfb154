import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A subgraph over HTTP whose subscription, over server-sent events, tells the time to whoever follows it, so often as its first argument says (milliseconds). Tells the parent its port. */
const everyMs = Number(process.argv[2]);
const followers = new Set<ServerResponse>();

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    followers.add(response);
    response.on('close', () => followers.delete(response));
  });
});
setInterval(() => {
  const sentAt = performance.timeOrigin + performance.now();
  const event = `event: next\ndata: {"data":{"tick":{"__typename":"Tick","sentAt":${sentAt}}}}\n\n`;
  for (const follower of followers) follower.write(event);
}, everyMs);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
