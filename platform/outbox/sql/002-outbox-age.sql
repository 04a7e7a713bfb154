-- For pruning: events are sent in the order of time, so an index of ranges is enough and costs writers nothing.
CREATE INDEX outbox_age ON outbox USING brin (sent_at);
