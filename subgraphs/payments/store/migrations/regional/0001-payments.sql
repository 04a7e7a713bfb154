-- One row per order. Written before the payment provider is asked, so that a crash at any point leaves a trace to settle.
CREATE TABLE payments (
  order_id text PRIMARY KEY,
  id text NOT NULL,
  -- Null for a payment that was voided before it was asked for: nobody's.
  user_id text,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  method_token text NOT NULL,
  method_customer text,
  return_url text,
  state text NOT NULL CHECK (state IN ('authorising', 'action-required', 'authorised', 'declined', 'capturing', 'captured', 'voiding', 'voided')),
  intent text,
  failure_code text,
  failure_message text,
  captured bigint NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND amount),
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  promised bigint NOT NULL DEFAULT 0 CHECK (promised BETWEEN 0 AND captured),
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- When the sweeper asks the provider; null when nothing is open. Moved on by whoever takes it: that is the lease.
  check_at timestamptz,
  checks integer NOT NULL DEFAULT 0,
  CHECK (refunded <= promised)
) WITH (fillfactor = 80);
CREATE INDEX payments_open ON payments (check_at) WHERE check_at IS NOT NULL;

-- What was asked of the provider and what came of it.
CREATE TABLE attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id text NOT NULL,
  step text NOT NULL,
  outcome text NOT NULL,
  code text,
  took_ms integer NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX attempts_order ON attempts (order_id);

CREATE TABLE refunds (
  id text PRIMARY KEY,
  order_id text NOT NULL REFERENCES payments (order_id),
  key text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  reason text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
  reference text,
  created_at timestamptz NOT NULL,
  check_at timestamptz,
  checks integer NOT NULL DEFAULT 0,
  UNIQUE (order_id, key)
);
CREATE INDEX refunds_open ON refunds (check_at) WHERE check_at IS NOT NULL;

-- Saved ways to pay: the provider's ids and what shows a card to its owner. No card number ever comes here.
CREATE TABLE payment_methods (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  source text NOT NULL,
  token text NOT NULL,
  customer text NOT NULL,
  brand text NOT NULL,
  last4 text NOT NULL CHECK (last4 ~ '^[0-9]{4}$'),
  exp_month integer NOT NULL,
  exp_year integer NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (user_id, source)
);
