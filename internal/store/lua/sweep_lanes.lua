-- sweep_lanes reports whether a lane of the shard is due, and if so whether the
-- caller is the one to ring: it marks the bell in the same step, so of any
-- number of sweepers one rings, and another one if that ring gets lost. The
-- answer is a hint, so it is the one script that need not repeat its first one.
--
-- KEYS[1]  tw:{s}:               the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:ready:<kind>   sorted set, see lib/lane.lua
-- KEYS[3]  tw:{s}:bell:<kind>    string, until when a ring is on its way
-- Built from KEYS[1]: clock
--
-- Returns {"due", ring}, {"later", ms until a lane is due} or {"empty"}.

local head = redis.call("ZRANGE", KEYS[2], 0, 0, "WITHSCORES")
if not head[1] then
  return { "empty" }
end
local now = clock()
local wait = head[2] - now
if wait >= 1 and not stepped then
  return { "later", wait }
end
even_if_full(KEYS[2])
keep_clock()
if wait >= 1 then
  return { "later", wait }
end
return { "due", ring(KEYS[3], true, now) }
