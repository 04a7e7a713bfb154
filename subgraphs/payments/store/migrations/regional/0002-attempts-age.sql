-- For pruning.
CREATE INDEX attempts_age ON attempts USING brin (at);
