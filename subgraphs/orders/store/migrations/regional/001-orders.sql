-- An order as it was bought. Lines and address are snapshots: they never change, and are always read together.
CREATE TABLE orders (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('PENDING', 'AWAITING_PAYMENT', 'CONFIRMED', 'CANCELLING', 'CANCELLED', 'COMPLETED')),
  -- Counts the facts of the order; the first is that it was placed.
  version integer NOT NULL,
  -- Why it is cancelled or being cancelled.
  cause jsonb,
  region text NOT NULL,
  currency text NOT NULL,
  cart_id text NOT NULL,
  quote_id text NOT NULL,
  lines jsonb NOT NULL,
  address jsonb NOT NULL,
  net bigint NOT NULL,
  tax bigint NOT NULL,
  delivery bigint NOT NULL,
  discount bigint NOT NULL,
  total bigint NOT NULL,
  fee bigint NOT NULL,
  placed_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT adds_up CHECK (net + tax + delivery - discount = total AND total >= 0 AND fee >= 0),
  CONSTRAINT cancelled_for_a_cause CHECK ((status IN ('CANCELLING', 'CANCELLED')) = (cause IS NOT NULL))
) WITH (fillfactor = 80);

-- A buyer's history, with and without a filter by status.
CREATE INDEX orders_by_user_status ON orders (user_id, status, placed_at DESC, id DESC);
CREATE INDEX orders_by_user ON orders (user_id, placed_at DESC, id DESC);

-- The same order, split by seller: net + tax - discount = fee + share.
CREATE TABLE seller_orders (
  order_id text NOT NULL REFERENCES orders (id),
  position integer NOT NULL,
  seller_id text NOT NULL,
  net bigint NOT NULL,
  tax bigint NOT NULL,
  discount bigint NOT NULL,
  fee bigint NOT NULL,
  share bigint NOT NULL,
  placed_at timestamptz NOT NULL,
  PRIMARY KEY (order_id, position),
  CONSTRAINT share_adds_up CHECK (net + tax - discount = fee + share AND fee >= 0 AND share >= 0)
);

CREATE INDEX seller_orders_by_seller ON seller_orders (seller_id, placed_at DESC, order_id DESC);

-- Every step of every order, in the order of the transactions that made them. A sequence alone would not do: numbers are
-- given before the commit, so a reader could see 11 and never come back for 10. Readers stop at the oldest transaction
-- that is still running, so nothing can appear behind them.
CREATE TABLE order_progress (
  xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq bigint GENERATED ALWAYS AS IDENTITY,
  order_id text NOT NULL,
  user_id text NOT NULL,
  step text NOT NULL,
  status text NOT NULL,
  detail text,
  at timestamptz NOT NULL,
  PRIMARY KEY (xact, seq)
);

CREATE INDEX order_progress_by_user ON order_progress (user_id, xact, seq);
CREATE INDEX order_progress_by_order ON order_progress (order_id, xact, seq);
