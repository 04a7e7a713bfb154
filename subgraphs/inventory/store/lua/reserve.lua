-- Holds units for an order until Redis' own clock says the time is up. ARGV: order, units, milliseconds.
local ref, units, ttl = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local now, state = clock(), load_state()
local text = call('HGET', HOLDS, ref)
if text then
  local hold = parse_hold(text)
  if hold.status ~= 'H' or hold.expires > now then
    if units_of(hold.lines) ~= units then return { 'OTHER' } end
    return { 'OK', string.format('%.0f', hold.expires), hold.text, 'AGAIN' }
  end
  local before = free(state)
  drop(state, ref, hold)
  emit(state, 'RELEASED', ref, before)
  next_due()
end
local available = make_room(state, now, units, free)
if available < units then return { 'SHORT', available } end
local before, lines, expires = available, allocate(state, units), now + ttl
hold_lines(state, lines)
local held = { status = 'H', at = now, expires = expires, kind = 'S', preparers = 0, text = write_lines(lines) }
save_hold(ref, held)
call('ZADD', EXPIRY, expires, ref)
call('ZADD', DUE, 'LT', expires, SKU)
emit(state, 'HELD', ref, before)
return { 'OK', string.format('%.0f', expires), held.text, 'NEW' }
