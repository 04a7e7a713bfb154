-- What the ledger holds now becomes the live state. ARGV: ref, epoch in which it was prepared.
local ref, prepared_in = ARGV[5], ARGV[6]
if epoch ~= prepared_in then return { 'STALE' } end
local text = call('HGET', HOLDS, ref)
if not text then return { 'NONE' } end
local hold, state = parse_hold(text), load_state()
if hold.status == 'X' then return { 'OK', levels(state) } end
if hold.status == 'H' then return { 'HELD' } end
local before = free(state)
for _, line in ipairs(hold.lines) do
  local warehouse, units = line[1], line[2]
  if hold.kind == 'S' then
    change(state, 's', warehouse, units)
    change(state, 'h', warehouse, -units)
  elseif hold.kind == 'D' then
    change(state, 'o', warehouse, -units)
    change(state, 'h', warehouse, -units)
    change(state, 'p', warehouse, units)
  elseif hold.kind == 'A' then
    change(state, 'o', warehouse, units)
    change(state, 'p', warehouse, -units)
  else
    change(state, 's', warehouse, -units)
  end
end
remember(ref, hold, clock())
local kinds = { S = 'SOLD', D = 'ADJUSTED', A = 'ADJUSTED', R = 'RESTOCKED' }
emit(state, kinds[hold.kind], ref, before)
return { 'OK', levels(state) }
