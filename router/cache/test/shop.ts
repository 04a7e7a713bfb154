import { setImmediate as turn } from 'node:timers/promises';
import type { SubgraphRequest } from '../../engine/index.ts';
import type { Script } from './cached-graph.ts';

const CATALOGUE = /* GraphQL */ `
  type Query {
    products: [Product!]! @cacheControl(maxAge: 60) @cacheTag(format: "products")
    product(id: ID!): Product @cacheControl(maxAge: 30) @cacheTag(format: "asked-{$args.id}")
    uncached: [Product!]! @cacheControl(maxAge: 0)
    notes: [Note!]!
  }
  type Note {
    text: String
  }
  type Mutation {
    rename(id: ID!): Product
  }
  type Product @key(fields: "id") @cacheTag(format: "product-{$key.id}") @cacheControl(maxAge: 100) {
    id: ID!
    title: String!
  }`;
const PRICING = /* GraphQL */ `
  type Product @key(fields: "id") @cacheTag(format: "price-{$key.id}") {
    id: ID!
    price: Int @cacheControl(maxAge: 10)
    secret: Int
  }`;

export const representationsOf = ({ variables }: SubgraphRequest) =>
  (variables?.representations ?? []) as { __typename: string; id: string }[];

/** A catalogue with three products, and their prices; everything says which version it is of. */
export function shop() {
  const state = {
    version: 1,
    /** Products the catalogue has. */
    ids: ['1', '2', '3'],
    /** What pricing does instead of answering. */
    pricing: undefined as Script | undefined,
    /** What the catalogue does instead of answering. */
    catalogue: undefined as Script | undefined,
  };
  const product = (id: string) => ({ __typename: 'Product', id, title: `${id} v${state.version}` });
  const scripts: Record<string, Script> = {
    async catalogue(request) {
      await turn();
      if (state.catalogue) return state.catalogue(request);
      if (request.query.startsWith('mutation')) return { data: { rename: product('1') } };
      if (/\bproduct\(/.test(request.query)) {
        const id = String(Object.values(request.variables ?? {})[0] ?? '1');
        return { data: { product: state.ids.includes(id) ? product(id) : null } };
      }
      if (request.query.includes('notes')) return { data: { notes: [{ text: 'fresh' }] } };
      const products = state.ids.map(product);
      return { data: request.query.includes('uncached') ? { uncached: products } : { products } };
    },
    async pricing(request) {
      await turn();
      if (state.pricing) return state.pricing(request);
      const entities = representationsOf(request).map(({ id }) => ({
        price: Number(id) * 100 + state.version,
        secret: 7,
      }));
      return { data: { _entities: entities } };
    },
  };
  return { state, scripts, sdl: { catalogue: CATALOGUE, pricing: PRICING } };
}
