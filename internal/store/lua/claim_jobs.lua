-- claim_jobs claims the append lane that has been due longest, because work
-- arrived, a backoff is over or the lease of its claim ran out, and moves its
-- head to in_progress.
--
-- Whether an attempt whose lease ran out counts depends on what became of its
-- process, which the caller has to find out. It is asked for that first, and
-- calls again with its judgement.
--
-- KEYS[1..5]  see lib/jobs.lua
-- Built from KEYS[1]: c:, claims:append, clock, e:, g:, j:, p:, q:
-- ARGV[1]     id of the claim, random
-- ARGV[2]     lease, in ms
-- ARGV[3]     how many jobs to grant at most
-- ARGV[4]     how long a job that is failed here is kept, in ms
-- ARGV[5]     the claim that was judged, or ""
-- ARGV[6]     the field attempts as it is then, see lib/lane.lua; "" to leave
--             the lane alone for a while
-- ARGV[7]     that while, in ms
--
-- Returns a grant, see lib/jobs.lua; {"lapsed", lane, its claim, when the lease
-- ran out, attempts, now} if the caller is to judge that claim; or {"mended",
-- lane, the job that failed or "", ring append, ring deliver} if keys of the
-- lane were gone.

redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
local now, most = clock(), tonumber(ARGV[3])
keep_clock()
local before = granted_before(ARGV[1], now, ARGV[2], most)
if before then
  return answer(before, false, now)
end
return claim_due(ARGV[1], now, ARGV[2], most, ARGV[4], { judged = ARGV[5], attempts = ARGV[6], later = ARGV[7] })
