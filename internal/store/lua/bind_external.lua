-- bind_external binds an external id to a conversation that is about to be
-- made. Whether the one that holds the id was ever made, this script cannot
-- see, because that lives in another shard: the caller looks, and asks again
-- with leave to replace it.
--
-- KEYS[1]  tw:{x:<digest>}:<account>  hash: conversation, fingerprint, since
-- ARGV[1]  id of the conversation that would be made
-- ARGV[2]  fingerprint of the request that makes it
-- ARGV[3]  id of the conversation that may be replaced, or ""
-- ARGV[4]  how long a request may take to make one, in ms
--
-- Returns {"bound", conversation}, which is the one that the same request was
-- bound to before, if any; or {"held", conversation}.

local now = wall()
local held = redis.call("HMGET", KEYS[1], "conversation", "fingerprint", "since")
local id = ARGV[1]
if held[1] then
  local abandoned = held[1] == ARGV[3] and now - held[3] >= tonumber(ARGV[4])
  if held[2] == ARGV[2] then
    id = held[1]
  elseif not abandoned then
    return { "held", held[1] }
  end
end
redis.call("HSET", KEYS[1], "conversation", id, "fingerprint", ARGV[2], "since", int(now))
return { "bound", id }
