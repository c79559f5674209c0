-- resend_event puts one event that was delivered or given up into its lane again.
--
-- KEYS[1]  tw:{s}:                            the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:bell:deliver                string, until when a ring is on its way
-- KEYS[3]  tw:{s}:dead:<account>:<endpoint>   sorted set, see lib/dead.lua
-- Built from KEYS[1]: clock, d:, e:, endpoint:, flight:, halted:, j:,
--   ready:deliver, t:
-- ARGV[1]   account
-- ARGV[2]   id of the endpoint
-- ARGV[3]   job id
-- ARGV[4]   the event, "<sequence> <status> <time>"
-- ARGV[5..] what may be behind it among the dead ones
--
-- Returns {"resent", ring}, {"waiting"} if it stands in its lane, or {"missing"} if its
-- job is gone.

local now = clock()
local e = endpoint_at(ARGV[1], ARGV[2])
local lane, event = ARGV[1] .. ":" .. ARGV[3], ARGV[4]
local halted = redis.call("HEXISTS", KEYS[1] .. "d:" .. lane, "halted") == 1
for n, waiting in ipairs(redis.call("LRANGE", KEYS[1] .. "e:" .. lane, "0", "-1")) do
  if waiting == event .. " r" and not (halted and n == 1) then -- it is sent again already
    return { "resent", 1 }
  end
  if waiting == event and not (halted and n == 1) then
    return { "waiting" }
  end
end
for n = 5, #ARGV do
  redis.call("ZREM", KEYS[3], ARGV[3] .. " " .. event .. " " .. ARGV[n])
end
keep_clock()
if not again(e, lane, event) then
  return { "missing" }
end
place_endpoints()
return { "resent", ring(KEYS[2], true, now) }
