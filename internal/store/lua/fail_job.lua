-- fail_job ends an attempt at the head of a lane without effect, unless the
-- claim is lost: the head stays and the lane is due again after a delay, or
-- the job becomes failed and the lane goes on.
--
-- KEYS[1..5]  see lib/jobs.lua
-- KEYS[6]     tw:{s}:a:<lane>  hash, state of the lane: claim, attempts
-- KEYS[7]     tw:{s}:q:<lane>  list, ids of its jobs, oldest first
-- KEYS[8]     tw:{s}:c:<lane>  hash, the conversation
-- ARGV[1]     the lane, <account>:<conv>
-- ARGV[2]     id of the claim
-- ARGV[3]     id of the next claim, if it is of another lane
-- ARGV[4]     lease, in ms
-- ARGV[5]     how many jobs of the same lane to grant; 0 to give it back
-- ARGV[6]     else how many jobs of another lane; 0 for none
-- ARGV[7]     how long a failed job is kept, in ms
-- ARGV[8]     job id
-- ARGV[9]     "" to try the job again, else why it failed
-- ARGV[10]    delay until the next attempt, in ms
-- ARGV[11]    what is left of the body of a failed job
--
-- Returns {"stale"} or a grant, see lib/jobs.lua.

if not owned(KEYS[6], ARGV[2]) or redis.call("LINDEX", KEYS[7], 0) ~= ARGV[8] then
  return { "stale" }
end
local now = clock()
if ARGV[9] == "" then
  redis.call("HDEL", KEYS[6], "claim")
  redis.call("ZADD", KEYS[2], int(now + ARGV[10]), ARGV[1])
  if tonumber(ARGV[6]) > 0 then
    return claim_due(ARGV[3], now, ARGV[4], tonumber(ARGV[6]))
  end
  return answer(nil, false)
end

redis.call("LPOP", KEYS[7])
local owner = account(ARGV[1]) .. ARGV[8]
local job = KEYS[1] .. "j:" .. owner
redis.call("HSET", job, "message", ARGV[9])
finished(owner, redis.call("HGET", job, "hook"), "failed", now, now, ARGV[11], ARGV[7])
redis.call("HINCRBY", KEYS[8], "settled", 1)
return go_on(ARGV[1], ARGV[2], ARGV[3], now, ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]))
