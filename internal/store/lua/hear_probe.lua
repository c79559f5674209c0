-- hear_probe tells a shard how a probe of an endpoint ended in another one, so that not
-- each of them has to make its own.
--
-- After one that failed this shard makes none for as long as the other one surely tells
-- of a further one. So one shard probes for all, and if it has nothing left to do that
-- with, another one takes its place later. After one that was answered the endpoint is
-- probed here at once. An endpoint that has been open so long that its probes give events
-- up goes on as it is.
--
-- KEYS[1..3]  see lib/events.lua
-- ARGV[1..4]  see lib/events.lua
-- ARGV[5..11] see lib/breaker.lua
-- ARGV[12]    account
-- ARGV[13]    id of the endpoint
-- ARGV[14]    how the probe ended, "failed" or "answered"
-- ARGV[15]    how much longer than the longest pause it may take until the next one is
--             told, in ms
-- Built from KEYS[1]: clock, endpoint:, flight:, open, ready:deliver
--
-- Returns {"steered", ring}.

local e = endpoint_at(ARGV[12], ARGV[13])
read_endpoint(e)
if not e.open then
  return { "steered", 0 }
end
if ARGV[14] == "answered" then
  probe_at(e, math.min(tonumber(e.open), now))
else
  local wait = ARGV[9] + ARGV[15]
  local opened = redis.call("HGET", ENDPOINT .. e.name, "opened")
  if tonumber(opened or now) <= now - ARGV[10] or tonumber(e.open) >= now + 0.75 * wait then
    return { "steered", 0 }
  end
  probe_at(e, now + wait)
end
keep_clock()
e.touched = true
place_endpoints()
return { "steered", ring(KEYS[3], e.limit <= now, now) }
