-- delete_item takes an item away.
--
-- KEYS[1..2]  see lib/items.lua
-- ARGV[1]  id
--
-- Returns {"deleted"} or {"missing"}.

local item = redis.call("HGET", KEYS[1], ARGV[1])
if not item then
  return { "missing" }
end
redis.call("HDEL", KEYS[2], key_of(item))
redis.call("HDEL", KEYS[1], ARGV[1])
return { "deleted" }
