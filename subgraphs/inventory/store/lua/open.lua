-- Opens a restored partition for traffic. ARGV: epoch. Whoever follows the stream learns that everything may have moved;
-- the version of that entry is the epoch.
local META, DUE, PENDING, STREAM = KEYS[1], KEYS[5], KEYS[6], KEYS[7]
if redis.call('EXISTS', META) == 1 then return { 'OPEN' } end
redis.call('DEL', DUE, PENDING)
redis.call('SET', META, ARGV[1])
redis.call('XADD', STREAM, '*', 's', '*', 'k', 'RESYNC', 'v', ARGV[1], 'w', '', 'low', '0', 'r', '')
return { 'OK' }
