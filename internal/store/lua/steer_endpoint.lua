-- steer_endpoint has an endpoint be left alone, or asked again.
--
-- KEYS[1]  tw:{s}:                            the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:bell:deliver                string, until when a ring is on its way
-- KEYS[3]  tw:{s}:endpoints:<account>         sorted set, its endpoints by when they were seen last
-- Built from KEYS[1]: clock, endpoint:, flight:, held, open, paused,
--   ready:deliver
-- ARGV[1]  account
-- ARGV[2]  id of the endpoint
-- ARGV[3]  its name
-- ARGV[4]  "pause" until "resume", which also probes it at once if it is open, and ends
--          what it asked for; or "hold" for a while
-- ARGV[5]  how long, in ms, or how long what is kept of it is kept from now on
--
-- Returns {"steered", ring}.

local now = clock()
local e = endpoint_at(ARGV[1], ARGV[2])
local key = ENDPOINT .. e.name
read_endpoint(e)
if ARGV[4] == "hold" then
  local limit = int(math.max(e.limit, now + ARGV[5]))
  redis.call("HSET", key, "held", limit, "until", limit, "origin", ARGV[3])
  redis.call("ZADD", KEYS[1] .. "held", limit, e.name)
  e.limit = tonumber(limit)
elseif ARGV[4] == "pause" then
  e.limit = PAUSED
  redis.call("HSETNX", key, "paused", int(now))
  redis.call("HSET", key, "until", int(PAUSED), "origin", ARGV[3])
  redis.call("PERSIST", key)
  redis.call("ZADD", KEYS[1] .. "paused", int(now), e.name)
else
  e.limit = 0
  redis.call("HDEL", key, "paused", "held", "until")
  if e.open then
    redis.call("HSET", key, "open", int(now))
    redis.call("ZADD", KEYS[1] .. "open", int(now), e.name)
  end
  redis.call("PEXPIRE", key, ARGV[5])
  redis.call("ZREM", KEYS[1] .. "paused", e.name)
  redis.call("ZREM", KEYS[1] .. "held", e.name)
end
redis.call("ZADD", KEYS[3], int(now), e.id)
keep_clock()
e.touched = true
place_endpoints()
return { "steered", ring(KEYS[2], e.limit <= now, now) }
