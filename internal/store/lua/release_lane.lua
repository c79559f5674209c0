-- release_lane gives a lane back untouched and due, unless the claim is lost.
-- The attempt does not count, so no number of clean shutdowns fails a job.
--
-- KEYS[1]  tw:{s}:                   the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:ready:<kind>       sorted set, see lib/lane.lua
-- KEYS[3]  tw:{s}:l:<lane>           string, the state of an append lane, which begins
--                                     with its claim; or
--          tw:{s}:d:<lane>           hash, the state of a deliver lane, with the field claim
-- KEYS[4]  tw:{s}:bell:<kind>        string, until when a ring is on its way
-- KEYS[5]  tw:{s}:claims:<kind>      hash, lane by claim
-- Built from KEYS[1]: clock
-- ARGV[1]  the lane, <account>:<id>
-- ARGV[2]  id of the claim
-- ARGV[3]  "append" or "deliver"
--
-- Returns {"released", ring} or {"stale"}.

local now = clock()
local append = ARGV[3] == "append"
local state = append and redis.call("GET", KEYS[3]) or not append and redis.call("HGET", KEYS[3], "claim")
local claim, others = string.match(state or "", "^([^|]*)(.*)$")
if claim == "-released " .. ARGV[2] then
  return { "released", 1 }
end
if claim ~= ARGV[2] then
  return { "stale" }
end
redis.call("HDEL", KEYS[5], ARGV[2])
if append then
  redis.call("SET", KEYS[3], "-released " .. ARGV[2] .. others)
else
  redis.call("HSET", KEYS[3], "claim", "-released " .. ARGV[2])
end
keep_clock()
due_at(KEYS[2], ARGV[1], now)
place_accounts(KEYS[2], now)
return { "released", ring(KEYS[4], true, now) }
