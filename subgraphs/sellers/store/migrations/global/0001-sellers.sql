-- Sellers are businesses and sell in every region: they are global, their owners' accounts are not.
CREATE TABLE sellers (
  id text PRIMARY KEY,
  name text NOT NULL,
  -- One spelling per name, for uniqueness and order.
  name_key text NOT NULL UNIQUE,
  description text NOT NULL,
  status text NOT NULL,
  owner_id text NOT NULL UNIQUE,
  region text NOT NULL,
  contact_email text NOT NULL,
  fee_bps integer NOT NULL,
  suspension_reason text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  approved_at timestamptz
);
CREATE INDEX sellers_by_status ON sellers (status, name_key, id);

-- The key's secret is 256 random bits; only its SHA-256 is kept.
CREATE TABLE api_keys (
  id text PRIMARY KEY,
  seller_id text NOT NULL REFERENCES sellers (id),
  name text NOT NULL,
  prefix text NOT NULL,
  hash bytea NOT NULL,
  scopes text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_of_seller ON api_keys (seller_id, created_at DESC);
