-- One row per key that was used. `answer` is null while the first call is still at work.
CREATE TABLE idempotency (
  scope text NOT NULL,
  key text NOT NULL,
  input_hash text NOT NULL,
  answer jsonb,
  -- Until then nobody else may take the key of an unanswered call.
  claimed_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_expiry ON idempotency (expires_at);
