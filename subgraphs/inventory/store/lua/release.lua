-- Ends a hold. ARGV: order, mode. `held`: only what is not being sold; `revert`: one confirmer gives up;
-- `abort`: whatever it is (the ledger has said that it will never be sold).
local ref, mode = ARGV[5], ARGV[6]
local text = call('HGET', HOLDS, ref)
if not text then return { 'NONE' } end
local hold, state = parse_hold(text), load_state()
if hold.status == 'X' then return { 'SOLD' } end
if mode == 'held' and hold.status == 'C' then return { 'PREPARED' } end
if mode == 'revert' then
  if hold.status ~= 'C' then return { 'NONE' } end
  hold.preparers = hold.preparers - 1
  if hold.preparers <= 0 then
    hold.status, hold.preparers = 'H', 0
    call('ZREM', PENDING, SKU .. '\n' .. ref)
    call('ZADD', EXPIRY, hold.expires, ref)
    next_due()
  end
  save_hold(ref, hold)
  return { 'OK' }
end
local before = free(state)
drop(state, ref, hold)
next_due()
emit(state, (hold.kind == 'S' or hold.kind == 'D') and 'RELEASED' or 'ADJUSTED', ref, before)
return { 'OK' }
