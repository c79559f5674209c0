-- stage_effects puts values behind the messages or the insights of a conversation
-- that count, where nobody reads them. So a commit that brings many takes several
-- small steps, of which only the last one, which raises the count, shows anything:
-- see commit_jobs. What stands where the values belong is of this step, whose reply
-- got lost, or of an attempt that was broken off, and is taken away first.
--
-- The first write is one that a full Redis grants, see lib/lane.lua.
--
-- KEYS[1]  tw:{s}:l:<lane>  string, the state of the lane
-- KEYS[2]  tw:{s}:m:<lane>  list, its messages; or
--          tw:{s}:i:<lane>  list, its insights
-- ARGV[1]  id of the claim that the lane must be under
-- ARGV[2]  how often the members were changed before the speakers of the jobs were
--          recognised
-- ARGV[3]  "messages" or "insights"
-- ARGV[4]  how many were staged before these values
-- ARGV[5..]  the values
--
-- Returns {"staged"}; {"refused"} if the claim is lost or the members were changed
-- meanwhile, as commit_jobs will say; or {"gap"} if those before are gone.

local kind, offset = ARGV[3], tonumber(ARGV[4])
local packed = redis.call("GET", KEYS[1])
local s = packed and unpack_state(packed)
if not s or s.claim ~= ARGV[1] or s.people ~= ARGV[2] then
  return { "refused" }
end
local count, there = tonumber(s[kind]), redis.call("LLEN", KEYS[2])
if there < count and offset == 0 then -- somebody else deleted some
  count = there
end
if there < count + offset then
  return { "gap" }
end
cut(KEYS[2], count + offset)
if int(count) ~= s[kind] then
  s[kind] = int(count)
  redis.call("SET", KEYS[1], pack_state(s))
end
redis.call("RPUSH", KEYS[2], unpack(ARGV, 5))
return { "staged" }
