-- delete_item takes an item away.
--
-- KEYS[1..3]  see lib/items.lua
-- KEYS[4]     tw:{<account>}:gone:<kind>  string, the request that deleted one last; expires
-- ARGV[1]  id
-- ARGV[2]  id of the request
-- ARGV[3]  how long that is remembered, in ms
--
-- Returns {"deleted"} or {"missing"}.

local item = redis.call("HGET", KEYS[1], ARGV[1])
if not item and redis.call("GET", KEYS[4]) == ARGV[2] then
  return { "deleted" }
end
if not item then
  return { "missing" }
end
redis.call("HDEL", KEYS[2], key_of(item))
redis.call("HDEL", KEYS[1], ARGV[1])
redis.call("HDEL", KEYS[3], ARGV[1])
redis.call("HSET", KEYS[3], "", ARGV[2])
redis.call("SET", KEYS[4], ARGV[2], "PX", ARGV[3])
return { "deleted" }
