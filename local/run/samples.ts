import type { Sample } from '../../router/server/index.ts';

/** What a newcomer finds in the explorer: each runs as it stands, the last two for a buyer who is signed in. */
export const SAMPLES: readonly Sample[] = [
  {
    title: 'The shelf: catalogue, prices and stock',
    query: `query Shelf($region: Region!) {
  products(first: 5) {
    nodes {
      title
      brand { name }
      seller { name }
      variants {
        sku
        title
        price(region: $region) { amount { currency minor } taxClass }
        stock(region: $region) { available }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
    variables: { region: 'EU' },
  },
  {
    title: 'My orders, with their payments',
    query: `query MyOrders {
  orders(first: 5) {
    edges {
      node {
        id
        status
        placedAt
        total { currency minor }
        lines { title quantity total { minor } variant { stock { available } } }
        payment { status captured { minor } }
      }
    }
  }
}`,
  },
  {
    title: 'Follow my orders live',
    query: `subscription FollowMyOrders {
  orderProgress {
    cursor
    step
    status
    at
    order { total { currency minor } lines { title variant { product { title } stock { available } } } }
  }
}`,
  },
];
