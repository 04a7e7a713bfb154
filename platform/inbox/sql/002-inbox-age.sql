-- For pruning: events come in the order of time, so an index of ranges is enough and costs writers nothing.
CREATE INDEX inbox_age ON inbox USING brin (handled_at);
