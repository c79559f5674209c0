-- add_items saves several items, or none if one of them cannot be saved.
--
-- KEYS[1..2]  see lib/items.lua
-- ARGV[1]  how many items there may be
-- ARGV[2]  how many bytes they may have
-- ARGV[3]  id of the request
-- ARGV[4..6]  id, key and body of the first item; those of the others follow
--
-- Returns {"added", now}, {"taken", place of the item whose key another has,
-- the first being 0}, {"crowded"} if there are too many items, or {"large"} if
-- they have too many bytes.

local first = redis.call("HGET", KEYS[1], ARGV[4])
if first and string.match(first, "^%d+ %d+ %d+ %d+ (%S+)") == ARGV[3] then
  return { "added", string.match(first, "^%d+ (%d+)") }
end
local seen, fresh, bytes = {}, 0, stored()
for n = 4, #ARGV, 3 do
  local id, key = ARGV[n], ARGV[n + 1]
  local owner = seen[key] or redis.call("HGET", KEYS[2], key)
  if owner and owner ~= id then
    return { "taken", (n - 4) / 3 }
  end
  seen[key] = id
  if not owner then
    fresh = fresh + 1
    bytes = bytes + #key + #ARGV[n + 2]
  end
end
if redis.call("HLEN", KEYS[1]) + fresh > tonumber(ARGV[1]) then
  return { "crowded" }
end
if bytes > tonumber(ARGV[2]) then
  return { "large" }
end
local now = int(wall())
for n = 4, #ARGV, 3 do
  write(ARGV[n], 1, now, now, redis.call("HINCRBY", KEYS[2], "", 1), ARGV[3], ARGV[n + 1], ARGV[n + 2])
end
return { "added", now }
