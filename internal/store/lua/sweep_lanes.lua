-- sweep_lanes tells whether a lane of the shard is due, and if so whether the
-- caller is the one to ring: it marks the bell in the same step, so of any
-- number of sweepers one rings, and another one if that ring gets lost.
--
-- KEYS[1]  tw:{s}:ready:<kind>   sorted set, due time by lane
-- KEYS[2]  tw:{s}:bell:<kind>    string, present while a ring is on its way
--
-- Returns {"due", ring}, {"later", ms until a lane is due} or {"empty"}.

local head = redis.call("ZRANGE", KEYS[1], 0, 0, "WITHSCORES")
if not head[1] then
  return { "empty" }
end
local wait = head[2] - clock()
if wait > 0 then
  return { "later", wait }
end
even_if_full(KEYS[1])
return { "due", ring(KEYS[2], true) }
