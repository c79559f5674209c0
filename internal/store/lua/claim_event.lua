-- claim_event claims the deliver lane that has been due longest, with the
-- event at its head. Where a lease ran out the caller is asked first what
-- became of its process, as with claim_jobs.
--
-- KEYS[1..3]  see lib/events.lua
-- Built from KEYS[1]: claims:deliver, clock, d:, e:, j:
-- ARGV[1]     id of the claim, random
-- ARGV[2]     lease, in ms
-- ARGV[3]     the claim that was judged, or ""
-- ARGV[4]     the field attempts as it is then, see lib/lane.lua
--
-- Returns a grant, see lib/events.lua; {"lapsed", lane, its claim, when the
-- lease ran out, attempts, now} if the caller is to judge that claim; or
-- {"mended", lane, ring} if keys of the lane were gone and it was ended.

redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
local now = clock()
keep_clock()
local before = granted_before(ARGV[1], now, ARGV[2])
if before then
  return before
end
return claim_due(ARGV[1], now, ARGV[2], { judged = ARGV[3], attempts = ARGV[4] })
