-- Announces units that come, go or come back, before the ledger has them. ARGV: ref, mode, epoch it must be, then
-- `set`: warehouse, units counted; `add`: warehouse, units more or fewer; `restock`: lines as `warehouse=units,…`.
local ref, mode, LIMIT = ARGV[5], ARGV[6], 1000000
if ARGV[7] ~= epoch then return { 'STALE' } end
local now, state = clock(), load_state()
local text = call('HGET', HOLDS, ref)
local hold = text and parse_hold(text)
if hold and hold.status == 'H' then
  drop(state, ref, hold)
  hold, text = nil, nil
end
-- A restock is announced by one process at a time (it holds a lock on the sale): whoever announced this one before died
-- before the ledger had it, and may have meant other units. It moved nothing, so nothing is to be undone.
if hold and hold.status == 'C' and mode == 'restock' then hold, text = nil, nil end
if hold and hold.status == 'X' then return { 'OK', epoch, hold.kind, hold.text, levels(state) } end
local warehouse, delta = ARGV[8], 0
if not hold and mode == 'restock' then
  local lines = read_lines(ARGV[8])
  for _, line in ipairs(lines) do
    if (state.s[line[1]] or 0) < line[2] then return { 'RANGE', state.s[line[1]] or 0 } end
  end
  hold = { kind = 'R', lines = lines }
elseif not hold then
  -- Units announced but not committed yet count: two counts at once end with the later one.
  local expected = (state.o[warehouse] or 0) + (state.p[warehouse] or 0)
  delta = mode == 'set' and tonumber(ARGV[9]) - expected or tonumber(ARGV[9])
  if expected + delta < 0 or expected + delta > LIMIT then return { 'RANGE', expected } end
  if delta == 0 then return { 'SAME', epoch, '', '', levels(state) } end
  if delta < 0 then
    local count = function(current) return free_in(current, warehouse) end
    local available = make_room(state, now, -delta, count)
    if available < -delta then return { 'SHORT', available } end
    change(state, 'h', warehouse, -delta)
  end
  change(state, 'p', warehouse, delta)
  hold = { kind = delta < 0 and 'D' or 'A', lines = { { warehouse, math.abs(delta) } } }
end
if not text then
  hold.status, hold.at, hold.expires, hold.preparers, hold.text = 'C', now, now, 0, write_lines(hold.lines)
  call('ZADD', PENDING, now, SKU .. '\n' .. ref)
end
hold.preparers = hold.preparers + 1
save_hold(ref, hold)
return { 'OK', epoch, hold.kind, hold.text, levels(state) }
