-- Writes the counters of one SKU into a partition that is closed. ARGV: sku, `warehouse=onHand/sold,…`.
-- A version from the clock in microseconds is higher than any version before the loss.
local META, STATE, HOLDS, EXPIRY, SKUS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[8]
if redis.call('EXISTS', META) == 1 then return { 'OPEN' } end
redis.call('DEL', STATE, HOLDS, EXPIRY)
if ARGV[2] == '' then
  redis.call('SREM', SKUS, ARGV[1])
  return { 'OK' }
end
for warehouse, on_hand, sold in string.gmatch(ARGV[2], '([^=,]+)=(%d+)/(%d+)') do
  redis.call('HSET', STATE, 'o:' .. warehouse, on_hand, 'h:' .. warehouse, 0, 's:' .. warehouse, sold)
end
local time = redis.call('TIME')
redis.call('HSET', STATE, 'v', time[1] .. string.format('%06d', time[2]))
redis.call('SADD', SKUS, ARGV[1])
return { 'OK' }
