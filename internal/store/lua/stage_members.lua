-- stage_members writes what a commit changes of the members of a conversation, beside
-- a copy of those that there are, where nobody reads it. So a commit that brings many takes
-- several small steps, of which only the last one, which puts the copy in the place of
-- the members, shows anything: see commit_jobs. A step that is made again, however late,
-- changes nothing.
--
-- The first write is one that a full Redis grants, see lib/lane.lua.
--
-- KEYS[1]  tw:{s}:l:<lane>  string, the state of the lane
-- KEYS[2]  tw:{s}:p:<lane>  hash, its members
-- KEYS[3]  tw:{s}:s:<lane>  hash, those as the commit has them, and under "claim" the
--                           claim and how often the members were changed before
-- ARGV[1]  id of the claim that the lane must be under
-- ARGV[2]  how often the members were changed before the speakers of the jobs were
--          recognised
-- ARGV[3]  how long it is kept unless it is committed, in ms
-- ARGV[4]  "1" in the first step, or ""
-- ARGV[5..]  fields and values
--
-- Returns {"staged"}; {"refused"} if the claim is lost or the members were changed
-- meanwhile, as commit_jobs will say; or {"gap"} if what was staged before is gone.

local packed = redis.call("GET", KEYS[1])
local s = packed and unpack_state(packed)
if not s or s.claim ~= ARGV[1] or s.people ~= ARGV[2] then
  return { "refused" }
end
local claim = ARGV[1] .. " " .. ARGV[2]
if redis.call("HGET", KEYS[3], "claim") ~= claim then
  if ARGV[4] == "" then
    return { "gap" }
  end
  redis.call("UNLINK", KEYS[3])
  redis.call("COPY", KEYS[2], KEYS[3])
  redis.call("HSET", KEYS[3], "claim", claim)
end
redis.call("HSET", KEYS[3], unpack(ARGV, 5))
redis.call("PEXPIRE", KEYS[3], ARGV[3])
return { "staged" }
