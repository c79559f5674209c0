-- fail_job ends an attempt at the head of a lane without effect, unless the
-- claim is lost: the head stays and the lane is due again after a delay, or
-- the job becomes failed and the lane goes on.
--
-- KEYS[1..5]  see lib/jobs.lua
-- Built from KEYS[1]: b:, c:, claims:append, clock, e:, endpoint:, flight:,
--   i:, j:, jobs:, k:, l:, m:, p:, q:, ready:deliver, t:, trouble:
-- ARGV[1]     the lane, <account>:<conv>
-- ARGV[2]     id of the claim
-- ARGV[3]     id of the next claim, random
-- ARGV[4]     lease, in ms
-- ARGV[5]     how many jobs of the same lane to grant; 0 to give it back
-- ARGV[6]     job id
-- ARGV[7]     "" to try the job again, else why it failed
-- ARGV[8]     delay until the next attempt, in ms
-- ARGV[9]     what is kept of a failed job
-- ARGV[10]    how long that job is kept, in ms
-- ARGV[11]    why the attempt failed
-- ARGV[12]    "1" to hold the lane instead of failing the job
--
-- Returns {"stale"} or a grant, see lib/jobs.lua.

local now, s = clock(), read_state(ARGV[1])
if not s or s.claim ~= ARGV[2] then
  if regrant(ARGV[3], now, ARGV[4]) or s and (s.claim == "-failed " .. ARGV[2] or s.claim == "-held " .. ARGV[2]) then
    return answer(ARGV[3], "", #lanes == 0, now)
  end
  return { "stale" }
end
redis.call("HDEL", CLAIMS, ARGV[2])
keep_clock()
local owner = account(ARGV[1]) .. ARGV[6]
local failures = KEYS[1] .. "f:" .. owner
redis.call("RPUSH", failures, int(now) .. " " .. ARGV[11])
redis.call("LTRIM", failures, "-20", "-1")
redis.call("PEXPIRE", failures, ARGV[10])
if ARGV[12] == "1" then
  s.claim, s.attempts = "-held " .. ARGV[2], tried_again(s.attempts)
  write_state(ARGV[1], s)
  not_due(KEYS[2], ARGV[1])
  trouble(ARGV[1], now)
  return answer(ARGV[3], "", false, now)
end
if ARGV[7] == "" then
  trouble(ARGV[1], now, "NX")
  s.claim, s.attempts = "-failed " .. ARGV[2], tried_again(s.attempts)
  write_state(ARGV[1], s)
  due_at(KEYS[2], ARGV[1], now + ARGV[8])
  return answer(ARGV[3], "", false, now)
end

fail_head(ARGV[1], s, ARGV[6], ARGV[7], now, ARGV[10])
redis.call("HSET", KEYS[1] .. "j:" .. owner, "body", ARGV[9])
local more = leave(ARGV[1], s, ARGV[3], now, ARGV[4], tonumber(ARGV[5]), { "failed", s.settled }, "-failed ")
return answer(ARGV[3], "", more, now)
