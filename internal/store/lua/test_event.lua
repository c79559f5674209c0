-- test_event puts an event into a lane of its own that tells of no job: its job is there
-- only to be read, and expires like one.
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:bell:deliver     string, until when a ring is on its way
-- KEYS[3]  tw:{s}:j:<lane>         hash, the job
-- KEYS[4]  tw:{s}:e:<lane>         list, its events
-- Built from KEYS[1]: clock, endpoint:, flight:, ready:deliver
-- ARGV[1]  account
-- ARGV[2]  job id
-- ARGV[3]  id of the endpoint
-- ARGV[4]  what is kept of the job, a line of JSON
--
-- Returns {"sent", now, ring}.

local sent = string.match(redis.call("HGET", KEYS[3], "state") or "", "^%d %S+ %d+ (%d+)")
if sent then
  return { "sent", sent, 1 }
end
local now = clock()
local at = int(now)
redis.call("HSET", KEYS[3], "state", "3 0 0 " .. at .. " 0 0", "body", ARGV[4], "hook", ARGV[3], "events", "1")
redis.call("RPUSH", KEYS[4], "1 test " .. at)
keep_clock()
lane_waits(endpoint_at(ARGV[1], ARGV[3]), ARGV[1] .. ":" .. ARGV[2], now)
place_endpoints()
return { "sent", at, ring(KEYS[2], true, now) }
