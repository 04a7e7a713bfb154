/** The data of the well-known federation benchmark (users, products, reviews), with a few more of each. */
export const users = Array.from({ length: 6 }, (_, index) => ({
  id: String(index + 1),
  name:
    ['Uri Goldshtein', 'Dotan Simha', 'Kamil Kisiela', 'Arda Tanrikulu', 'Gil Gardosh', 'Laurin Quast'][
      index
    ] ?? '',
  username: ['urigo', 'dotansimha', 'kamilkisiela', 'ardatan', 'gilgardosh', 'laurin'][index] ?? '',
}));

export const products = ['Table', 'Couch', 'Glass', 'Chair', 'TV', 'Lamp', 'Grill', 'Fridge', 'Sofa'].map(
  (name, index) => ({
    upc: String(index + 1),
    name,
    price: [899, 1299, 15, 499, 1299, 6999, 3999, 100000, 9999][index] ?? 0,
    weight: [100, 1000, 20, 100, 1000, 300, 2000, 6000, 800][index] ?? 0,
    inStock: index % 3 !== 1,
  }),
);

export const reviews = Array.from({ length: 28 }, (_, index) => ({
  id: String(index + 1),
  body:
    [
      'Love it!',
      'Too expensive.',
      'Could be better.',
      'Prefer something else.',
      'Crazy good, would buy it again',
      'Not what the picture shows',
    ][index % 6] ?? '',
  authorId: String(((index * 5) % 6) + 1),
  productId: String(((index * 7) % 9) + 1),
}));
