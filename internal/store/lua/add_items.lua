-- add_items saves several items, or none if one of them cannot be saved.
--
-- KEYS[1..3]  see lib/items.lua
-- ARGV[1]  how many items there may be
-- ARGV[2]  how many bytes they may have
-- ARGV[3]  how many values they may have
-- ARGV[4]  id of the request
-- ARGV[5..8]  id, key, body and number of values of the first item; those of the
--             others follow
--
-- Returns {"added", now}, {"taken", place of the item whose key another has,
-- the first being 0}, {"crowded"} if there are too many items, {"large"} if
-- they have too many bytes, or {"many"} if they have too many values.

local first = redis.call("HGET", KEYS[1], ARGV[5])
if first and string.match(first, "^%d+ %d+ %d+ %d+ (%S+)") == ARGV[4] then
  return { "added", string.match(first, "^%d+ (%d+)") }
end
local seen, fresh, bytes, values = {}, 0, stored(), counted()
for n = 5, #ARGV, 4 do
  local id, key = ARGV[n], ARGV[n + 1]
  local owner = seen[key] or redis.call("HGET", KEYS[2], key)
  if owner and owner ~= id then
    return { "taken", (n - 5) / 4 }
  end
  seen[key] = id
  if not owner then
    fresh = fresh + 1
    bytes = bytes + #key + #ARGV[n + 2]
    values = values + tonumber(ARGV[n + 3])
  end
end
if redis.call("HLEN", KEYS[1]) + fresh > tonumber(ARGV[1]) then
  return { "crowded" }
end
if bytes > tonumber(ARGV[2]) then
  return { "large" }
end
if values > tonumber(ARGV[3]) then
  return { "many" }
end
local now = int(wall())
for n = 5, #ARGV, 4 do
  write(ARGV[n], 1, now, now, redis.call("HINCRBY", KEYS[2], "", 1), ARGV[4], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3])
end
return { "added", now }
