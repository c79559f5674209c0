-- hear_probe tells a shard how a probe of an endpoint ended in another one, so that not
-- each of them has to make its own.
--
-- One that failed counts here as well, unless this shard has made one just now: its next
-- probe comes a little later than that of the other shard, which so comes first. One that
-- was answered has the endpoint probed here at once. An endpoint that has been open so
-- long that its probes give events up goes on as it is.
--
-- KEYS[1..3]  see lib/events.lua
-- ARGV[1..4]  see lib/events.lua
-- ARGV[5..11] see lib/breaker.lua
-- ARGV[12]    account
-- ARGV[13]    id of the endpoint
-- ARGV[14]    how the probe ended, "failed" or "answered"
-- ARGV[15]    how much later at most, in ms: longer than a probe takes
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
  local kept = redis.call("HMGET", ENDPOINT .. e.name, "pause", "opened")
  local pause = tonumber(kept[1] or ARGV[8])
  if tonumber(kept[2] or now) <= now - ARGV[10] or tonumber(e.open) >= now + 0.75 * pause then
    return { "steered", 0 }
  end
  pause = math.min(2 * pause, tonumber(ARGV[9]))
  redis.call("HSET", ENDPOINT .. e.name, "pause", int(pause))
  probe_at(e, now + pause + math.min(tonumber(ARGV[15]), pause / 2))
end
keep_clock()
e.touched = true
place_endpoints()
return { "steered", ring(KEYS[3], e.limit <= now, now) }
