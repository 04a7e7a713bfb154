const FRAGMENTS = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }`;

/** What the clients ask for. Sizes are those of the answers. */
export const QUERIES = {
  /** Five products with stock, delivery and reviews: 4 fetches, 2 kB. */
  storefront: `query Storefront { topProducts(first: 5) { upc name price inStock shippingEstimate reviews { id body author { id name } } } }`,
  /** Users, their reviews, the products, their reviews, and round again: 177 kB. */
  nested: `query Nested {
    users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
    topProducts(first: 9) { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { id } } } } } } } }
  }${FRAGMENTS}`,
  /** The query of the well-known federation benchmark: 16 fetches, 465 representations of which 27 are distinct. */
  sixteen: `query TestQuery {
    users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
    topProducts { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
  }${FRAGMENTS}`,
} as const;

export type QueryName = keyof typeof QUERIES;
