-- A login (or guest visit) and the family of refresh tokens that came from it. `subject` is `usr_…` or `gst_…`.
CREATE TABLE sessions (
  id text PRIMARY KEY,
  subject text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_because text
);
CREATE INDEX sessions_of_subject ON sessions (subject) WHERE ended_at IS NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Only SHA-256 of a token is kept. Used ones stay until the session is swept: that is how a second use is noticed.
CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY,
  session_id text NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
