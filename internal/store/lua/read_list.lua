-- read_list returns entries of a list, as many as one step may send: the entry
-- that goes beyond the bytes is left to the next step, unless it is the first.
--
-- KEYS[1]  tw:{s}:m:<lane>, i:<lane> or t:<lane>  list, of which to read
-- KEYS[2]  tw:{s}:l:<lane>  string, the state of the lane of its conversation; or the list
-- ARGV[1]  place of the first entry, from 0
-- ARGV[2]  bytes at most
-- ARGV[3]  "messages" or "insights", of which the state says how many there are; or
--          "" for all entries
--
-- Returns {"unknown"} if there is nothing whose list it could be, or {"read",
-- "1" if there may be more entries or "", entry, ...}.

-- BLOCK is how many entries are read at once, at most. Of a list the sizes are not
-- known before, so it begins with few, and those that have come say how many may
-- come next: a step is to read little that it may not send.
local BLOCK = 16

local from, room, last = tonumber(ARGV[1]), tonumber(ARGV[2]), math.huge
if ARGV[3] ~= "" then
  local packed = redis.call("GET", KEYS[2])
  if not packed then
    return { "unknown" }
  end
  last = tonumber(unpack_state(packed)[ARGV[3]])
elseif redis.call("EXISTS", KEYS[2]) == 0 then
  return { "unknown" }
end
local found, size, longest = { "read", "1" }, 2, 1
while true do
  local block = from < last and redis.call("LRANGE", KEYS[1], from, math.min(from + size, last) - 1) or {}
  for _, entry in ipairs(block) do
    if #found > 2 and #entry > room then
      return found
    end
    room, longest = room - #entry, math.max(longest, #entry)
    found[#found + 1] = entry
  end
  if #block < size then
    found[2] = ""
    return found
  end
  from = from + size
  size = math.max(math.min(2 * size, BLOCK, math.floor(room / longest)), 1)
end
