-- settle_event ends an attempt at the head of a deliver lane, unless the claim
-- is lost, and records it: the event is done and leaves the lane, or it stays
-- and the lane is due again after a delay. With the last event of a job that is
-- final its retention begins.
--
-- KEYS[1..3]  see lib/events.lua
-- KEYS[4]     tw:{s}:d:<lane>  hash, state of the lane: claim, attempts, since, next, refused
-- KEYS[5]     tw:{s}:e:<lane>  list, events, oldest first
-- KEYS[6]     tw:{s}:t:<lane>  list, records of attempts, oldest first
-- KEYS[7]     tw:{s}:j:<lane>  hash, the job
-- Built from KEYS[1]: claims:deliver, clock, d:, e:, j:
-- ARGV[1]     the lane, <account>:<job>
-- ARGV[2]     id of the claim
-- ARGV[3]     id of the next claim
-- ARGV[4]     lease, in ms
-- ARGV[5]     the event, as it was granted
-- ARGV[6]     delay until the next attempt, in ms; "" if the event is done
-- ARGV[7]     record of the attempt, of which no two are the same
-- ARGV[8]     how many records are kept
-- ARGV[9]     how long they and the job are kept from then on, in ms
-- ARGV[10]    "1" to grant the next event that is due
--
-- Returns {"stale"} or a grant, see lib/events.lua.

local events = redis.call("LRANGE", KEYS[5], 0, 1)
local state = redis.call("HMGET", KEYS[4], "claim", "next", "attempts", "since", "refused")
local now = clock()
if state[1] ~= ARGV[2] or events[1] ~= ARGV[5] then
  local granted = granted_before(ARGV[3], now, ARGV[4])
  if granted then
    return granted
  end
  for _, record in ipairs(redis.call("LRANGE", KEYS[6], -10, -1)) do
    if record == ARGV[7] then -- this very attempt was settled, and the reply got lost
      return { "idle", ring(KEYS[3], true, now) }
    end
  end
  return { "stale" }
end
redis.call("HDEL", CLAIMS, ARGV[2]) -- first, see lib/lane.lua
keep_clock()
local done, more, again = ARGV[6] == "", events[2] ~= nil, ARGV[10] == "1"
if redis.call("RPUSH", KEYS[6], ARGV[7]) > tonumber(ARGV[8]) then
  redis.call("LTRIM", KEYS[6], -ARGV[8], -1)
end

if not done then
  redis.call("HSET", KEYS[4], "claim", "-failed " .. ARGV[2], "attempts", tried_again(state[3]), "refused", "1")
  redis.call("HDEL", KEYS[4], "next")
  redis.call("ZADD", KEYS[2], int(now + ARGV[6]), ARGV[1])
  wake_waiting(state[2], now)
elseif not more then
  redis.call("LPOP", KEYS[5])
  redis.call("DEL", KEYS[4])
  redis.call("ZREM", KEYS[2], ARGV[1])
  local status = redis.call("HGET", KEYS[7], "status")
  if status ~= "scheduled" and status ~= "in_progress" then
    redis.call("PEXPIRE", KEYS[7], ARGV[9])
    redis.call("PEXPIRE", KEYS[6], ARGV[9])
  end
  wake_waiting(state[2], now)
else
  redis.call("LPOP", KEYS[5])
  if state[5] then
    redis.call("HDEL", KEYS[4], "refused")
  end
  local granted = again and event(ARGV[1], events[2], ARGV[3], "0", int(now), int(now), now, ARGV[4])
  if granted then
    return granted
  end
  if not again then
    redis.call("HSET", KEYS[4], "claim", "-committed " .. ARGV[2], "attempts", "0")
    redis.call("HDEL", KEYS[4], "since")
    redis.call("ZADD", KEYS[2], int(now), ARGV[1])
  end
end
if again then
  return claim_due(ARGV[3], now, ARGV[4])
end
return { "idle", ring(KEYS[3], more or state[2], now) }
