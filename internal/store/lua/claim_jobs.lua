-- claim_jobs claims the append lane that has been due longest, because work
-- arrived, a backoff is over or its worker died, and moves its head to
-- in_progress. The attempt counts from now on, so that a job that kills its
-- worker is found out.
--
-- KEYS[1..5]  see lib/jobs.lua
-- ARGV[1]     id of the claim, random
-- ARGV[2]     lease, in ms
-- ARGV[3]     how many jobs to grant at most
--
-- Returns a grant, see lib/jobs.lua.

redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
return claim_due(ARGV[1], clock(), ARGV[2], tonumber(ARGV[3]), true)
