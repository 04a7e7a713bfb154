-- Counters and prepared movements of one SKU at one moment, for the comparison with the ledger.
local state, flat, prepared = load_state(), call('HGETALL', HOLDS), {}
for i = 1, #flat, 2 do
  local hold = parse_hold(flat[i + 1])
  if hold.status == 'C' then prepared[#prepared + 1] = flat[i] .. ' ' .. hold.kind .. ' ' .. hold.text end
end
return { 'OK', epoch, levels(state), table.concat(prepared, '\n') }
