-- The W3C trace context a saga was begun in: what resumes it later, or elsewhere, goes on in the same trace.
ALTER TABLE saga ADD COLUMN traceparent text;
