import { setTimeout as wait } from 'node:timers/promises';
import type { OperationHost } from '@aisle/platform/service';
import { GraphQLError } from 'graphql';
import { type GraphFixture, runGraph } from '../../fixtures/graph.ts';

const products = [
  { id: '1', title: 'Oat milk' },
  { id: '2', title: 'Rye bread' },
];

/** Two subgraphs with everything the server's tests ask for: slow fields, failing ones, mutations and subscriptions. */
const fixture: GraphFixture = {
  name: 'server',
  subgraphs: {
    catalogue: {
      sdl: /* GraphQL */ `
        type Query {
          product(id: ID!): Product
          products(first: Int = 20): [Product!]!
          slow(ms: Int!): String
          fails: String
          forbidden: String
          big(bytes: Int!): String
          node: Node
        }
        type Mutation {
          rename(id: ID!, title: String!): Product
          slowMutation(ms: Int!): String
        }
        type Subscription {
          ticks(to: Int!, everyMs: Int = 1, bytes: Int = 0): Tick
          failing: Tick
        }
        type Tick {
          n: Int!
          text: String
          product: Product
        }
        type Node {
          node: Node
          id: ID
        }
        type Product @key(fields: "id") {
          id: ID!
          title: String!
        }
      `,
      resolvers: {
        Query: {
          product: (_: unknown, { id }: { id: string }) => products.find((product) => product.id === id),
          products: () => products,
          slow: async (_: unknown, { ms }: { ms: number }) => {
            await wait(ms);
            return 'at last';
          },
          fails: () => {
            throw new Error('secret detail');
          },
          forbidden: () => {
            throw new GraphQLError('You may not do this.', { extensions: { code: 'FORBIDDEN' } });
          },
          big: (_: unknown, { bytes }: { bytes: number }) => 'x'.repeat(bytes),
        },
        Mutation: {
          rename: (_: unknown, { id, title }: { id: string; title: string }) => ({ id, title }),
          slowMutation: async (_: unknown, { ms }: { ms: number }) => {
            await wait(ms);
            return 'done';
          },
        },
        Subscription: {
          ticks: {
            async *subscribe(
              _: unknown,
              { to, everyMs, bytes }: { to: number; everyMs: number; bytes: number },
            ) {
              for (let n = 1; n <= to; n++) {
                await wait(everyMs);
                yield {
                  ticks: { n, text: 'x'.repeat(bytes), product: { __typename: 'Product', ...products[0] } },
                };
              }
            },
          },
          failing: {
            // biome-ignore lint/correctness/useYield: a source that fails at its first event
            async *subscribe() {
              throw new Error('secret detail');
            },
          },
        },
        Product: {
          __resolveReference: ({ id }: { id: string }) => products.find((product) => product.id === id),
        },
      },
    },
    inventory: {
      sdl: /* GraphQL */ `
        type Query {
          warehouses: [String!]!
        }
        type Product @key(fields: "id") {
          id: ID!
          stock: Int!
          broken: Int!
        }
      `,
      resolvers: {
        Query: { warehouses: () => ['north'] },
        Product: { __resolveReference: ({ id }: { id: string }) => ({ id, stock: Number(id) * 10 }) },
      },
    },
  },
};

export interface TestGraph {
  readonly supergraphSdl: string;
  readonly hosts: Readonly<Record<string, OperationHost>>;
}

export function testGraph(): TestGraph {
  const graph = runGraph(fixture);
  const host = (name: string): OperationHost => ({
    execute: (request) => graph.execute(name, request),
    subscribe: (request) => graph.subscribe(name, request),
  });
  return {
    supergraphSdl: graph.supergraphSdl,
    hosts: { catalogue: host('catalogue'), inventory: host('inventory') },
  };
}
