-- release_lane gives a lane back untouched and due, unless the claim is lost.
-- The attempt does not count, so no number of clean shutdowns fails a job.
--
-- KEYS[1]  tw:{s}:                   the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:ready:<kind>       sorted set, due time by lane
-- KEYS[3]  tw:{s}:<c or d>:<lane>    hash that holds the state of the lane, which is
--                                     or begins with its claim
-- KEYS[4]  tw:{s}:bell:<kind>        string, until when a ring is on its way
-- KEYS[5]  tw:{s}:claims:<kind>      hash, lane by claim
-- Built from KEYS[1]: clock
-- ARGV[1]  the lane, <account>:<id>
-- ARGV[2]  id of the claim
-- ARGV[3]  the field that holds the state
--
-- Returns {"released", ring} or {"stale"}.

local now = clock()
local claim, others = string.match(redis.call("HGET", KEYS[3], ARGV[3]) or "", "^([^|]*)(.*)$")
if claim == "-released " .. ARGV[2] then
  return { "released", 1 }
end
if claim ~= ARGV[2] then
  return { "stale" }
end
redis.call("HDEL", KEYS[5], ARGV[2])
redis.call("HSET", KEYS[3], ARGV[3], "-released " .. ARGV[2] .. others)
redis.call("ZADD", KEYS[2], int(now), ARGV[1])
keep_clock()
return { "released", ring(KEYS[4], true, now) }
