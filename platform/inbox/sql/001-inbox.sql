-- What this context has handled: one effect per event, and never an older version of a subject after a newer one.
CREATE TABLE inbox (
  source text NOT NULL,
  event_id text NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, event_id)
);
CREATE TABLE inbox_versions (
  source text NOT NULL,
  subject text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (source, subject)
);
