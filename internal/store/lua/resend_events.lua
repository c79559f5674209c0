-- resend_events puts dead events of an endpoint into their lanes again, or drops them:
-- those given up first come first, so many at most.
--
-- KEYS[1]  tw:{s}:                            the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:bell:deliver                string, until when a ring is on its way
-- KEYS[3]  tw:{s}:dead:<account>:<endpoint>   sorted set, see lib/dead.lua
-- Built from KEYS[1]: clock, d:, e:, endpoint:, flight:, halted:, j:,
--   ready:deliver, t:
-- ARGV[1]  account
-- ARGV[2]  id of the endpoint
-- ARGV[3]  "drop", or ""
-- ARGV[4]  when the events were given up at the earliest
-- ARGV[5]  and at the latest
-- ARGV[6]  how many at most
-- ARGV[7]  with how many lanes that wait at the endpoint nothing is done
-- ARGV[8]  how long a job is kept whose last event is dropped, in ms
--
-- Returns {"resent", how many, "1" if others are left, ring}, or {"busy"}.

local now = clock()
local e = endpoint_at(ARGV[1], ARGV[2])
local drop = ARGV[3] == "drop"
if not drop and redis.call("ZCARD", DELIVER .. ":" .. e.name) >= tonumber(ARGV[7]) then
  return { "busy" }
end
local dead = redis.call("ZRANGEBYSCORE", KEYS[3], ARGV[4], ARGV[5], "LIMIT", "0", int(ARGV[6] + 1))
local more, sent = #dead > tonumber(ARGV[6]), 0
if more then
  dead[#dead] = nil
end
if dead[1] then
  redis.call("ZREM", KEYS[3], unpack(dead))
  keep_clock()
end
for _, text in ipairs(dead) do
  local job, event = string.match(text, "^(%S+) (%d+ %S+ %d+)")
  local lane = job and e.owner .. ":" .. job
  if lane and drop then
    go_on(e, lane, event, true, ARGV[8])
    sent = sent + 1
  elseif lane and again(e, lane, event) then
    sent = sent + 1
  end
end
place_endpoints()
return { "resent", sent, more and "1" or "", ring(KEYS[2], sent > 0, now) }
