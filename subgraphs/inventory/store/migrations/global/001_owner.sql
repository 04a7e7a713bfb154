-- Who may change the stock of a variant, learnt from ProductChanged.
CREATE TABLE sku_owner (
  sku text PRIMARY KEY,
  seller_id text NOT NULL,
  product_id text,
  version bigint NOT NULL
);
