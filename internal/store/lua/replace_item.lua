-- replace_item changes the key and the body of an item.
--
-- KEYS[1..3]  see lib/items.lua
-- ARGV[1]  id
-- ARGV[2]  its new key
-- ARGV[3]  its new body
-- ARGV[4]  the version that it must have; 0 for any
-- ARGV[5]  how many bytes all items may have
-- ARGV[6]  id of the request
-- ARGV[7]  its new number of values
-- ARGV[8]  how many values all items may have
--
-- Returns {"replaced", version, created, updated}, {"missing"}, {"changed"} if
-- it has another version, {"taken"} if another item has the key, {"large"} if all
-- have too many bytes, or {"many"} if they have too many values.

local item = redis.call("HGET", KEYS[1], ARGV[1])
if not item then
  return { "missing" }
end
local version, created, updated, number, request = string.match(item, "^(%d+) (%d+) (%d+) (%d+) ?(%S*)\n")
if request == ARGV[6] then
  return { "replaced", version, created, updated }
end
if ARGV[4] ~= "0" and ARGV[4] ~= version then
  return { "changed" }
end
local owner = redis.call("HGET", KEYS[2], ARGV[2])
if owner and owner ~= ARGV[1] then
  return { "taken" }
end
local growth = #(ARGV[2] .. "\n" .. ARGV[3]) - #string.match(item, "\n(.*)$")
if growth > 0 and stored() + growth > tonumber(ARGV[5]) then
  return { "large" }
end
growth = tonumber(ARGV[7]) - tonumber(redis.call("HGET", KEYS[3], ARGV[1]) or 0)
if growth > 0 and counted() + growth > tonumber(ARGV[8]) then
  return { "many" }
end
local now = int(wall())
redis.call("HDEL", KEYS[2], key_of(item))
write(ARGV[1], int(version + 1), created, now, number, ARGV[6], ARGV[2], ARGV[3], ARGV[7])
return { "replaced", int(version + 1), created, now }
