import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addUp } from '../../fixtures/add-up.ts';
import { runGraph } from '../../fixtures/graph.ts';
import { tellingGraph } from '../../fixtures/telling-graph.ts';
import { testContext } from '../../fixtures/test-context.ts';
import { inMemoryTransport } from '../../transports/in-memory.ts';
import { createEngine, type IncrementalPayload } from '../index.ts';

const friends = tellingGraph('friends', {
  people: `interface Account @key(fields: "id") { id: ID! mail: String }
    type Person implements Account @key(fields: "id") { id: ID! mail: String friends: [Account] }`,
  badges: `type Query { accounts: [Account] } type Account @key(fields: "id") @interfaceObject { id: ID! badge: String }`,
});

test('a deferred fragment that the planner puts beside the one it is in comes after that', async () => {
  const graph = runGraph(friends);
  const engine = await createEngine({
    supergraphSdl: graph.supergraphSdl,
    transports: (name) =>
      inMemoryTransport({
        execute: (request) => graph.execute(name, request),
        subscribe: (request) => graph.subscribe(name, request),
      }),
  });
  const operation = engine.prepare(
    '{ accounts { id ... on Person @defer { id friends { ... @defer { id ... @defer { badge } } } } } }',
  );
  assert.ok(!('errors' in operation));
  const payloads: IncrementalPayload[] = [];
  for await (const payload of engine.executeIncremental(operation, {}, testContext())) payloads.push(payload);
  const person = (number: number) => ({
    id: `Person:${number}`,
    friends: [number, number + 1].map((friend) => ({ id: `Person:${friend}`, badge: `badge ${friend}` })),
  });
  assert.deepEqual(addUp(payloads), { accounts: [person(1), person(2)] });
  await engine.close();
});
