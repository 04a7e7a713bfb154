CREATE TABLE warehouse (
  id text PRIMARY KEY,
  name text NOT NULL,
  city text NOT NULL
);

-- Which life of the live counters a partition is in. A movement is booked only in the life it was prepared in, so that
-- nothing is booked between the moment the counters are summed up and the moment they are live again.
CREATE TABLE partition_epoch (
  part smallint PRIMARY KEY,
  epoch bigint NOT NULL
);

-- One row per sale, restock or adjustment; its key decides whether it happened. VOID: it never will.
CREATE TABLE movement (
  ref text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('SALE', 'RESTOCK', 'ADJUST')),
  state text NOT NULL CHECK (state IN ('DONE', 'VOID')),
  input_hash text,
  answer jsonb,
  actor text,
  reason text,
  at timestamptz NOT NULL DEFAULT now()
);

-- Append-only. The sum of a SKU's rows is what the live counters are restored from.
CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  part smallint NOT NULL,
  sku text NOT NULL,
  warehouse_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('SALE', 'RESTOCK', 'RECEIVE', 'REMOVE', 'DISPATCH')),
  ref text NOT NULL,
  order_id text,
  on_hand integer NOT NULL,
  sold integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (ref, sku, warehouse_id, kind)
);
CREATE INDEX ledger_sku ON ledger (sku, warehouse_id) INCLUDE (on_hand, sold);
CREATE INDEX ledger_order ON ledger (order_id) WHERE order_id IS NOT NULL;
