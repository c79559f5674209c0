-- fail_job ends an attempt at the head of a lane without effect, unless the
-- claim is lost: the head stays and the lane is due again after a delay, or
-- the job becomes failed and the lane goes on.
--
-- KEYS[1..5]  see lib/jobs.lua
-- KEYS[6]     tw:{s}:q:<lane>  list, ids of its jobs, oldest first
-- Built from KEYS[1]: b:, c:, claims:append, clock, e:, endpoint:, flight:,
--   i:, j:, jobs:, k:, l:, m:, p:, q:, ready:deliver
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
--
-- Returns {"stale"} or a grant, see lib/jobs.lua.

local now, s = clock(), read_state(ARGV[1])
if not s or s.claim ~= ARGV[2] then
  if regrant(ARGV[3], now, ARGV[4]) or s and s.claim == "-failed " .. ARGV[2] then
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
if ARGV[7] == "" then
  s.claim, s.attempts = "-failed " .. ARGV[2], tried_again(s.attempts)
  write_state(ARGV[1], s)
  due_at(KEYS[2], ARGV[1], now + ARGV[8])
  return answer(ARGV[3], "", false, now)
end

keep_payload(ARGV[1], ARGV[6], redis.call("LINDEX", KEYS[6], "0"), ARGV[10])
redis.call("LTRIM", KEYS[6], 1, -1)
local job = KEYS[1] .. "j:" .. owner
redis.call("HSET", job, "status", "failed", "started", s.started, "finished", int(now), "message", ARGV[7], "body", ARGV[9])
local hook = redis.call("HGET", job, "hook")
list_job(string.match(ARGV[1], "^[^:]*"), ARGV[6], string.match(ARGV[1], "[^:]*$"), FAILED, int(now))
start_retention(job, hook, ARGV[10])
announce(owner, hook, "failed", now, now)
if hook then
  s.last = ARGV[6]
elseif s.last == "" then
  s.last = "-"
end
cut(KEYS[1] .. "m:" .. ARGV[1], tonumber(s.messages)) -- what its attempts may have staged
cut(KEYS[1] .. "i:" .. ARGV[1], tonumber(s.insights))
s.settled = int(s.settled + 1)
local more = leave(ARGV[1], s, ARGV[3], now, ARGV[4], tonumber(ARGV[5]), { "failed", s.settled }, "-failed ")
return answer(ARGV[3], "", more, now)
