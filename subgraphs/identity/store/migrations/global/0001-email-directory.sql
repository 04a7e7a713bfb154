-- Which account an e-mail address belongs to, across regions. It holds a keyed hash only, never the address:
-- without the key nobody can tell who is in it. The region is part of the user id.
CREATE TABLE email_directory (
  email_hash bytea PRIMARY KEY,
  user_id text NOT NULL,
  -- False while the account is being made in its region; such a reservation can be taken over when it is old.
  confirmed boolean NOT NULL,
  reserved_at timestamptz NOT NULL
);
