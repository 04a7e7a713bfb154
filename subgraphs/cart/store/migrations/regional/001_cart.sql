CREATE TABLE cart (
  id text PRIMARY KEY,
  owner text NOT NULL,
  version integer NOT NULL,
  revision integer NOT NULL,
  lines jsonb NOT NULL,
  checkout jsonb,
  merged jsonb NOT NULL,
  merge_key text,
  updated_at timestamptz NOT NULL,
  -- When it was told that the cart was left behind; any change makes it null again.
  abandoned_at timestamptz
);
CREATE INDEX cart_left_behind ON cart (updated_at) WHERE abandoned_at IS NULL AND lines <> '[]'::jsonb;
