-- What every stock script starts with. All keys of a partition share one hash tag, so a script runs on one cluster node.
-- A hold is `status|at|expires|kind|preparers|warehouse=units,…`:
--   status H: held until `expires`; C: prepared at `at`, it ends only by commit, revert or abort; X: committed, kept
--   for a while so that a late duplicate is recognised.
--   kind S: sale, D: units taken away, A: units that come in, R: sold units that are on sale again.
local META, STATE, HOLDS, EXPIRY = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local DUE, PENDING, STREAM, SKUS = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local SKU, OFFSET, LOW, KEEP = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local call = redis.call
local RECLAIM = 200
local REMEMBER_MS = 600000

local function clock()
  local time = call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + OFFSET
end

local function load_state()
  local flat, state, seen = call('HGETALL', STATE), { names = {}, o = {}, h = {}, s = {}, p = {} }, {}
  for i = 1, #flat, 2 do
    local field, warehouse = string.match(flat[i], '^([ohsp]):(.+)$')
    if field then
      state[field][warehouse] = tonumber(flat[i + 1])
      if not seen[warehouse] then
        seen[warehouse] = true
        state.names[#state.names + 1] = warehouse
      end
    end
  end
  table.sort(state.names)
  return state
end

local function free_in(state, warehouse)
  return (state.o[warehouse] or 0) - (state.h[warehouse] or 0) - (state.s[warehouse] or 0)
end

local function free(state)
  local total = 0
  for _, warehouse in ipairs(state.names) do total = total + free_in(state, warehouse) end
  return total
end

local function change(state, field, warehouse, by)
  if state.o[warehouse] == nil and state.h[warehouse] == nil and state.s[warehouse] == nil and state.p[warehouse] == nil then
    state.names[#state.names + 1] = warehouse
    table.sort(state.names)
    call('SADD', SKUS, SKU)
  end
  state[field][warehouse] = call('HINCRBY', STATE, field .. ':' .. warehouse, by)
end

local function write_lines(lines)
  local parts = {}
  for _, line in ipairs(lines) do parts[#parts + 1] = line[1] .. '=' .. line[2] end
  return table.concat(parts, ',')
end

local function read_lines(text)
  local lines = {}
  for warehouse, units in string.gmatch(text, '([^=,]+)=(%d+)') do lines[#lines + 1] = { warehouse, tonumber(units) } end
  return lines
end

local function units_of(lines)
  local total = 0
  for _, line in ipairs(lines) do total = total + line[2] end
  return total
end

local function parse_hold(text)
  local status, at, expires, kind, preparers, lines = string.match(text, '^(%u)|(%d+)|(%d+)|(%u)|(%d+)|(.*)$')
  return {
    status = status, at = tonumber(at), expires = tonumber(expires), kind = kind,
    preparers = tonumber(preparers), text = lines, lines = read_lines(lines),
  }
end

local function save_hold(ref, hold)
  call('HSET', HOLDS, ref, string.format('%s|%.0f|%.0f|%s|%d|%s', hold.status, hold.at, hold.expires, hold.kind, hold.preparers, hold.text))
end

-- Where the partition's sweeper has to look next.
local function next_due()
  local first = call('ZRANGE', EXPIRY, 0, 0, 'WITHSCORES')
  if first[2] then call('ZADD', DUE, first[2], SKU) else call('ZREM', DUE, SKU) end
end

local function levels(state)
  local parts = {}
  for _, warehouse in ipairs(state.names) do
    parts[#parts + 1] = string.format('%s=%d/%d/%d', warehouse, state.o[warehouse] or 0, state.h[warehouse] or 0, state.s[warehouse] or 0)
  end
  return table.concat(parts, ',')
end

-- The movement is in the stream if and only if the counters moved. `before` is what was free before it.
-- Versions start at the clock in microseconds, so that they never go back, whatever was lost before.
local function emit(state, kind, ref, before)
  local version = call('HINCRBY', STATE, 'v', 1)
  if version == 1 then
    version = clock() * 1000
    call('HSET', STATE, 'v', version)
  end
  local low = before > LOW and free(state) <= LOW and '1' or '0'
  call('XADD', STREAM, 'MAXLEN', '~', KEEP, '*', 's', SKU, 'k', kind, 'r', ref, 'v', version, 'w', levels(state), 'low', low)
end

local function drop(state, ref, hold)
  if hold.kind == 'S' or hold.kind == 'D' then
    for _, line in ipairs(hold.lines) do change(state, 'h', line[1], -line[2]) end
  end
  for _, line in ipairs(hold.lines) do
    if hold.kind == 'D' then change(state, 'p', line[1], line[2]) end
    if hold.kind == 'A' then change(state, 'p', line[1], -line[2]) end
  end
  call('HDEL', HOLDS, ref)
  call('ZREM', EXPIRY, ref)
  call('ZREM', PENDING, SKU .. '\n' .. ref)
end

-- Ends holds whose time is up, at most `limit`. Returns how many.
local function reclaim(state, now, limit)
  local refs = call('ZRANGEBYSCORE', EXPIRY, '-inf', now, 'LIMIT', 0, limit)
  for _, ref in ipairs(refs) do
    local text = call('HGET', HOLDS, ref)
    local hold = text and parse_hold(text)
    if hold and hold.status == 'H' then
      local before = free(state)
      drop(state, ref, hold)
      emit(state, 'RELEASED', ref, before)
    else
      call('HDEL', HOLDS, ref)
      call('ZREM', EXPIRY, ref)
    end
  end
  if #refs > 0 then next_due() end
  return #refs
end

-- Makes sure `units` are free, ending overdue holds when needed. Returns what is free.
local function make_room(state, now, units, count)
  while count(state) < units and reclaim(state, now, RECLAIM) > 0 do end
  return count(state)
end

-- Keeps a committed movement in mind.
local function remember(ref, hold, now)
  hold.status, hold.at, hold.expires = 'X', now, now + REMEMBER_MS
  save_hold(ref, hold)
  call('ZADD', EXPIRY, hold.expires, ref)
  call('ZADD', DUE, 'LT', hold.expires, SKU)
  call('ZREM', PENDING, SKU .. '\n' .. ref)
end

-- From the fullest warehouse first, so that most lines come from one place. Returns nil when there is not enough.
local function allocate(state, units)
  local order, lines, rest = {}, {}, units
  for _, warehouse in ipairs(state.names) do
    if free_in(state, warehouse) > 0 then order[#order + 1] = warehouse end
  end
  table.sort(order, function(a, b)
    local x, y = free_in(state, a), free_in(state, b)
    if x == y then return a < b end
    return x > y
  end)
  for _, warehouse in ipairs(order) do
    local take = math.min(rest, free_in(state, warehouse))
    if take > 0 then lines[#lines + 1] = { warehouse, take } end
    rest = rest - take
  end
  if rest > 0 then return nil end
  return lines
end

local function hold_lines(state, lines)
  for _, line in ipairs(lines) do change(state, 'h', line[1], line[2]) end
end

local epoch = call('GET', META)
if not epoch then return { 'MISSING' } end
