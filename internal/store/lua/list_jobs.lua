-- list_jobs returns the ids of jobs of a lane, without their bodies: as many as one
-- step may read. Of a list the sizes are not known before, so it reads few entries
-- at once if one of those before was long.
--
-- KEYS[1]  tw:{s}:q:<lane>  list, its unfinished jobs, oldest first
-- ARGV[1]  place of the first one, from 0
-- ARGV[2]  how many at most
-- ARGV[3]  bytes of their bodies after which to end
--
-- Returns {"jobs", "1" if there may be more of them or "", id, ...}.

local from, left, room = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local found, block = { "jobs", "" }, 1
while left > 0 do
  if room <= 0 then
    found[2] = "1"
    break
  end
  local size, most = math.min(block, left), 1
  local entries = redis.call("LRANGE", KEYS[1], from, from + size - 1)
  for _, text in ipairs(entries) do
    found[#found + 1] = string.match(text, "^%S*")
    room, most = room - #text, math.max(most, #text)
  end
  if #entries < size then
    break
  end
  from, left = from + size, left - size
  block = math.max(math.min(2 * block, 64, math.floor(room / most)), 1)
end
return found
