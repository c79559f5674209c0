-- go_on_event drops the head of a deliver lane that waits for an operator, and has the
-- lane go on.
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:bell:deliver     string, until when a ring is on its way
-- Built from KEYS[1]: clock, d:, e:, endpoint:, flight:, halted:, j:,
--   ready:deliver, t:
-- ARGV[1]  account
-- ARGV[2]  id of the endpoint
-- ARGV[3]  job id
-- ARGV[4]  how long the job is kept, in ms, if that was its last event
--
-- Returns {"dropped", ring}, or {"untroubled"} if the lane does not wait.

local now = clock()
local e, lane = endpoint_at(ARGV[1], ARGV[2]), ARGV[1] .. ":" .. ARGV[3]
local event = string.match(redis.call("LINDEX", KEYS[1] .. "e:" .. lane, "0") or "", "^%d+ %S+ %d+")
if not event or not go_on(e, lane, event, true, ARGV[4]) then
  return { "untroubled" }
end
keep_clock()
place_endpoints()
return { "dropped", ring(KEYS[2], true, now) }
