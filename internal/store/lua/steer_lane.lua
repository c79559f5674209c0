-- steer_lane does what somebody says about a lane whose head has failed attempts: it is
-- attempted again at once, or failed, and the lane goes on.
--
-- KEYS[1..5]  see lib/jobs.lua
-- KEYS[6]     tw:{s}:q:<lane>  list, its unfinished jobs, oldest first
-- Built from KEYS[1]: b:, c:, clock, e:, endpoint:, f:, flight:, i:, j:,
--   jobs:, k:, l:, m:, p:, q:, ready:deliver, t:, trouble:
-- ARGV[1]     the lane, <account>:<conv>
-- ARGV[2]     "retry", "resume", which is for lanes that are held alone, or "skip"
-- ARGV[3]     how long a failed job is kept, in ms
-- ARGV[4]     id of the request
--
-- Returns {"steered", ring append, ring deliver}, {"busy"} if somebody is at work on its
-- head, {"untroubled"} if there is nothing to be done, or {"unknown"}.

local now, lane, s = clock(), ARGV[1], read_state(ARGV[1])
if not s then
  return { "unknown" }
end
if s.claim == "-steered " .. ARGV[4] then
  return { "steered", 1, 1 }
end
if holder(s.claim) then
  return { "busy" }
end
local stopped = is_held(s)
local head = entry(redis.call("LINDEX", KEYS[6], "0"))
if not head or s.attempts == "0" or ARGV[2] == "resume" and not stopped then
  return { "untroubled" }
end
untroubled(lane)
keep_clock()
if ARGV[2] == "skip" then
  local owner = account(lane) .. head
  local last = redis.call("LINDEX", KEYS[1] .. "f:" .. owner, "-1")
  fail_head(lane, s, head, string.match(last or "", "^%d+ (.+)$") or "the job was given up", now, ARGV[3])
  s.claim = ARGV[4]
  leave(lane, s, "", now, 0, 0, { "failed", s.settled }, "-steered ")
else
  if stopped then
    s.attempts = "0"
  end
  s.claim = "-steered " .. ARGV[4]
  write_state(lane, s)
  due_at(KEYS[2], lane, now)
end
write_listed()
place_accounts(KEYS[2], now)
return { "steered", ring(KEYS[3], true, now), ring(KEYS[5], pushed(), now) }
