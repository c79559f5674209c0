-- release_event gives a deliver lane back untouched and due, unless the claim is
-- lost. The attempt does not count; if one was cut short, that is recorded.
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:d:<lane>         hash, the state of the lane, with the field claim
-- KEYS[3]  tw:{s}:bell:deliver     string, until when a ring is on its way
-- KEYS[4]  tw:{s}:claims:deliver   hash, lane by claim
-- Built from KEYS[1]: clock, endpoint:, flight:, ready:deliver, t:
-- ARGV[1]  the lane, <account>:<job>
-- ARGV[2]  id of the claim
-- ARGV[3]  id of its endpoint
-- ARGV[4]  record of the attempt, or ""
-- ARGV[5]  how many records of attempts are kept with a job
--
-- Returns {"released", ring} or {"stale"}.

local claim = redis.call("HGET", KEYS[2], "claim")
if claim == "-released " .. ARGV[2] then
  return { "released", 1 }
end
if claim ~= ARGV[2] then
  return { "stale" }
end
local now = clock()
redis.call("HDEL", KEYS[4], ARGV[2])
redis.call("HSET", KEYS[2], "claim", "-released " .. ARGV[2])
record_cut(ARGV[1], ARGV[4], ARGV[5])
keep_clock()
local e = endpoint_at(string.match(ARGV[1], "^[^:]*"), ARGV[3])
read_endpoint(e)
e.full = false
lane_lands(e, ARGV[1])
lane_waits(e, ARGV[1], now)
place_endpoints()
return { "released", ring(KEYS[3], true, now) }
