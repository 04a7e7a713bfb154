import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { products, reviews, users } from './data.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@requires", "@provides", "@external", "@shareable"])\n';
const user = (id: string) => users.find((candidate) => candidate.id === id);
const product = (upc: string) => products.find((candidate) => candidate.upc === upc);

/** SDL of the four subgraphs of `router.md`. */
export const SDL = {
  users: `${LINK}
    type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable }
    type Subscription { userSeen(every: Int!): User }`,
  products: `${LINK}
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  inventory: `${LINK}
    type Product @key(fields: "upc") {
      upc: String! weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight")
    }`,
  reviews: `${LINK}
    type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
} as const;

export type SubgraphName = keyof typeof SDL;
export const SUBGRAPHS = Object.keys(SDL) as SubgraphName[];

const resolvers = {
  users: {
    Query: { me: () => users[0], user: (_: unknown, { id }: { id: string }) => user(id), users: () => users },
    User: { __resolveReference: ({ id }: { id: string }) => user(id) },
  },
  products: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: ({ upc }: { upc: string }) => product(upc) },
  },
  inventory: {
    Product: {
      __resolveReference: (reference: { upc: string }) => ({
        ...reference,
        inStock: product(reference.upc)?.inStock,
      }),
      shippingEstimate: ({ price, weight }: { price: number; weight: number }) =>
        price > 1000 ? 0 : Math.round(weight * 0.5),
    },
  },
  reviews: {
    Review: {
      __resolveReference: ({ id }: { id: string }) => reviews.find((review) => review.id === id),
      author: ({ authorId }: { authorId: string }) => ({ id: authorId, username: user(authorId)?.username }),
      product: ({ productId }: { productId: string }) => ({ upc: productId }),
    },
    User: { reviews: ({ id }: { id: string }) => reviews.filter(({ authorId }) => authorId === id) },
    Product: { reviews: ({ upc }: { upc: string }) => reviews.filter(({ productId }) => productId === upc) },
  },
};

export function subgraphSchema(name: SubgraphName): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(SDL[name]), resolvers: resolvers[name] }]);
}
