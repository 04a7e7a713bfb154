-- Fixes a hold so that it cannot run out while its sale is written to the ledger.
-- ARGV: order, units to take again when the hold ran out or was lost (0: never), epoch it must be (empty: any).
local ref, units = ARGV[5], tonumber(ARGV[6])
if ARGV[7] ~= '' and ARGV[7] ~= epoch then return { 'STALE' } end
local now, state = clock(), load_state()
local text = call('HGET', HOLDS, ref)
local hold = text and parse_hold(text)
if hold and hold.status == 'X' then return { 'OK', epoch, hold.text } end
if hold and hold.status == 'H' and hold.expires <= now and units == 0 then
  local before = free(state)
  drop(state, ref, hold)
  emit(state, 'RELEASED', ref, before)
  next_due()
  return { 'EXPIRED', epoch }
end
if not hold then
  if units == 0 then return { 'EXPIRED', epoch } end
  local before = make_room(state, now, units, free)
  local lines = allocate(state, units)
  if not lines then return { 'EXPIRED', epoch } end
  hold_lines(state, lines)
  hold = { status = 'H', at = now, expires = now, kind = 'S', preparers = 0, text = write_lines(lines), lines = lines }
  emit(state, 'HELD', ref, before)
end
if hold.status == 'H' then
  hold.status, hold.at = 'C', now
  if call('ZREM', EXPIRY, ref) == 1 then next_due() end
  call('ZADD', PENDING, now, SKU .. '\n' .. ref)
end
hold.preparers = hold.preparers + 1
save_hold(ref, hold)
return { 'OK', epoch, hold.text }
