-- lock_items lets nobody else change items for a while.
--
-- KEYS[1]  tw:{<account>}:hold:<kind>  string, who may create and update items
-- ARGV[1]  the holder
-- ARGV[2]  the while, in ms
--
-- Returns {"held"} or {"busy"} if somebody else holds it.

local holder = redis.call("GET", KEYS[1])
if holder and holder ~= ARGV[1] then
  return { "busy" }
end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return { "held" }
