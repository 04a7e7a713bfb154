-- What a cart costs, fixed for a while. The fingerprint is (cart, version, prices): the same again is the same quote.
CREATE TABLE quotes (
  id text PRIMARY KEY,
  fingerprint text NOT NULL UNIQUE,
  subject text NOT NULL,
  owner text NOT NULL,
  version integer NOT NULL,
  lines jsonb NOT NULL,
  net bigint NOT NULL,
  tax bigint NOT NULL,
  delivery bigint NOT NULL,
  discount bigint NOT NULL,
  total bigint NOT NULL CHECK (total = net + tax + delivery - discount),
  expires_at timestamptz NOT NULL,
  locked_for text,
  locked_at timestamptz
);
CREATE INDEX quotes_expired ON quotes (expires_at) WHERE locked_for IS NULL;
