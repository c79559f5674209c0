-- settle_event ends an attempt at the head of a deliver lane, unless the claim
-- is lost, and records it: the event is done and leaves the lane, or it stays
-- and the lane is due again after a delay.
--
-- KEYS[1..3]  see lib/events.lua
-- KEYS[4]     tw:{s}:d:<lane>  hash, state of the lane: claim, attempts, since, next
-- KEYS[5]     tw:{s}:e:<lane>  list, events, oldest first
-- KEYS[6]     tw:{s}:t:<lane>  list, records of attempts, oldest first
-- ARGV[1]     the lane, <account>:<job>
-- ARGV[2]     id of the claim
-- ARGV[3]     id of the next claim, if it is of another lane
-- ARGV[4]     lease, in ms
-- ARGV[5]     the event, as it was granted
-- ARGV[6]     delay until the next attempt, in ms; "" if the event is done
-- ARGV[7]     record of the attempt
-- ARGV[8]     how many records are kept
-- ARGV[9]     how long they are kept, in ms
-- ARGV[10]    "1" to grant the next event that is due
--
-- Returns {"stale"} or a grant, see lib/events.lua.

-- A reply that got lost makes the client ask again: the event is gone then.
local events = redis.call("LRANGE", KEYS[5], 0, 1)
local state = redis.call("HMGET", KEYS[4], "claim", "next")
if state[1] ~= ARGV[2] or events[1] ~= ARGV[5] then
  return { "stale" }
end
local now = clock()
local done, more = ARGV[6] == "", events[2] ~= nil
if done then
  redis.call("LPOP", KEYS[5])
else
  redis.call("HDEL", KEYS[4], "claim", "next")
end
local records = redis.call("RPUSH", KEYS[6], ARGV[7])
if records == 1 then
  redis.call("PEXPIRE", KEYS[6], ARGV[9])
elseif records > tonumber(ARGV[8]) then
  redis.call("LTRIM", KEYS[6], -ARGV[8], -1)
end

local again = ARGV[10] == "1"
if not done then
  redis.call("ZADD", KEYS[2], int(now + ARGV[6]), ARGV[1])
  pass(state[2], now)
elseif not more then
  redis.call("DEL", KEYS[4])
  redis.call("ZREM", KEYS[2], ARGV[1])
  pass(state[2], now)
else
  local granted = again and event(ARGV[1], events[2], ARGV[2], 1, int(now), int(now), now, ARGV[4])
  if granted then
    return granted
  end
  if not again then
    redis.call("HDEL", KEYS[4], "claim", "attempts", "since")
    redis.call("ZADD", KEYS[2], int(now), ARGV[1])
  end
end
if again then
  return claim_due(ARGV[3], now, ARGV[4], false)
end
return { "idle", ring(KEYS[3], more or state[2]) }
