-- Ends holds of one SKU whose time is up, at most ARGV[5].
local ended = reclaim(load_state(), clock(), tonumber(ARGV[5]))
if ended == 0 then next_due() end
return { 'OK', ended }
