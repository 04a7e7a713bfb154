-- One row per long-running exchange between contexts. Rows of ended sagas stay for the auditor until they are pruned.
CREATE TABLE saga (
  id text PRIMARY KEY,
  name text NOT NULL,
  step text NOT NULL,
  state jsonb NOT NULL,
  -- What arrived from outside and has not been reacted to yet, oldest first.
  signals jsonb NOT NULL DEFAULT '[]',
  -- Goes up with every save and every take-over: a runner that lost its lease can save nothing any more.
  version integer NOT NULL DEFAULT 1,
  -- Failed tries of the current step.
  attempts integer NOT NULL DEFAULT 0,
  -- The runner that drives it; null while it is parked.
  owner text,
  -- Parked: why. 'wait' for a signal or the time, 'retry' after a failure.
  parked text,
  -- End of the lease while it is driven, time to wake while it is parked: whoever comes first then takes it.
  due_at timestamptz NOT NULL,
  step_deadline timestamptz,
  deadline timestamptz NOT NULL,
  overdue boolean NOT NULL DEFAULT false,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
) WITH (fillfactor = 70);

CREATE INDEX saga_due ON saga (due_at) WHERE finished_at IS NULL;
CREATE INDEX saga_finished ON saga (finished_at) WHERE finished_at IS NOT NULL;
