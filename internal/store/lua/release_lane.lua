-- release_lane gives an append lane back untouched and due, unless the claim is
-- lost. The attempt does not count, so no number of clean shutdowns fails a job.
--
-- KEYS[1]  tw:{s}:                the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:ready:append    sorted set, see lib/lane.lua
-- KEYS[3]  tw:{s}:l:<lane>        string, the state of the lane, which begins with its claim
-- KEYS[4]  tw:{s}:bell:append     string, until when a ring is on its way
-- KEYS[5]  tw:{s}:claims:append   hash, lane by claim
-- Built from KEYS[1]: clock
-- ARGV[1]  the lane, <account>:<conv>
-- ARGV[2]  id of the claim
--
-- Returns {"released", ring} or {"stale"}.

local now = clock()
local claim, others = string.match(redis.call("GET", KEYS[3]) or "", "^(%C*)(.*)$")
if claim == "-released " .. ARGV[2] then
  return { "released", 1 }
end
if claim ~= ARGV[2] then
  return { "stale" }
end
redis.call("HDEL", KEYS[5], ARGV[2])
redis.call("SET", KEYS[3], "-released " .. ARGV[2] .. others)
keep_clock()
due_at(KEYS[2], ARGV[1], now)
place_accounts(KEYS[2], now)
return { "released", ring(KEYS[4], true, now) }
