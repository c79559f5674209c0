-- claim_jobs claims the append lanes that have been due longest, because work
-- arrived, a backoff is over or the lease of their claim ran out, and moves the
-- head of each to in_progress.
--
-- Whether an attempt whose lease ran out counts depends on what became of its
-- process, which the caller has to find out. It is asked for that first, and
-- calls again with its judgement.
--
-- KEYS[1..5]  see lib/jobs.lua
-- Built from KEYS[1]: b:, c:, claims:append, clock, e:, endpoint:, flight:,
--   g:, j:, jobs:, l:, p:, q:, ready:deliver, t:
-- ARGV[1]     id of the claim, random
-- ARGV[2]     lease, in ms
-- ARGV[3]     how many lanes to grant at most
-- ARGV[4]     and how many jobs in all
-- ARGV[5]     how long a job that is failed here is kept, in ms
-- ARGV[6]     the claim that was judged, or ""
-- ARGV[7]     the field attempts as it is then, see lib/lane.lua; "" to leave
--             the lane alone for a while
-- ARGV[8]     that while, in ms
-- ARGV[9]     whose turn it is not, see claim_due in lib/jobs.lua
--
-- Returns a grant, see lib/jobs.lua; {"lapsed", lane, its claim, when the lease
-- ran out, attempts, now} if the caller is to judge the claim of the first lane;
-- or {"mended", lane, the job that failed or "", ring append, ring deliver} if
-- keys of the first lane were gone.

redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
local now = clock()
keep_clock()
if regrant(ARGV[1], now, ARGV[2]) and #lanes > 0 then
  return answer(ARGV[1], "", false, now)
end
local more, instead = claim_due(tonumber(ARGV[3]), ARGV[1], now, ARGV[2], tonumber(ARGV[4]), ARGV[5],
  ARGV[9], { judged = ARGV[6], attempts = ARGV[7], later = ARGV[8] })
if instead and #lanes == 0 then
  write_listed()
  place_accounts(KEYS[2], now)
  pushed()
  return instead
end
return answer(ARGV[1], "", more, now)
