-- Keeps a copy of a cart unless a newer one is there, and tells of the change in the same step.
-- KEYS: cart, stream. ARGV: revision, cart as JSON, life in milliseconds, stream length, cart id, kind (empty: a mere copy).
local known = tonumber(redis.call('HGET', KEYS[1], 'r') or '-1')
local revision = tonumber(ARGV[1])
if revision > known then redis.call('HSET', KEYS[1], 'r', ARGV[1], 'j', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if ARGV[6] ~= '' then redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'c', ARGV[5], 'k', ARGV[6], 'r', ARGV[1]) end
return revision > known and 1 or 0
