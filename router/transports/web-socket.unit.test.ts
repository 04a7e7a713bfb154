import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { anonymous } from '@aisle/platform/identity';
import { parse } from 'graphql';
import type { SubgraphRequest } from '../engine/types.ts';
import { TransportError } from './transport-error.ts';
import { subscribeOverWebSocket } from './web-socket.ts';

const QUERY = 'subscription { ticks }';
const request = (signal: AbortSignal): SubgraphRequest => ({
  kind: 'subscription',
  query: QUERY,
  document: parse(QUERY),
  context: { caller: anonymous(), requestId: 'req_1', deadline: Date.now() + 10_000, signal },
});

async function refusing(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}/graphql`;
}

async function subscribe(signal = new AbortController().signal) {
  const options = { name: 'clock', url: await refusing(), maxResponseBytes: 1_000, maxBufferedEvents: 10 };
  return subscribeOverWebSocket(options, request(signal), JSON.stringify({ query: QUERY }), {});
}

/** An unhandled rejection would end the process in this turn or the next; node:test counts it as a failure. */
const aMoment = () => sleep(50);

test('a subgraph that is not there refuses the subscription with an error', async () => {
  await assert.rejects(subscribe(), TransportError);
  await aMoment();
});

test('a reader that leaves while the connection is being made, and fails, takes nothing down with it', async () => {
  const leaving = new AbortController();
  const opening = subscribe(leaving.signal);
  setImmediate(() => leaving.abort());
  // Whether it heard first of the one or of the other.
  const events = await opening.catch((error: unknown) => assert.ok(error instanceof TransportError));
  assert.equal((await events?.next())?.done ?? true, true);
  await aMoment();
});
