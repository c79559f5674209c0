-- unbind_external frees the external id of a conversation that was deleted.
--
-- KEYS[1]  tw:{x:<digest>}:<account>  hash, see bind_external.lua
-- ARGV[1]  id of the conversation
--
-- Returns {"free"} or {"kept"} if another conversation has it.

local held = redis.call("HGET", KEYS[1], "conversation")
if held and held ~= ARGV[1] then
  return { "kept" }
end
redis.call("DEL", KEYS[1])
return { "free" }
