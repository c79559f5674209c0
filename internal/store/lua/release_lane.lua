-- release_lane gives a lane back untouched and due, unless the claim is lost.
-- The attempt does not count, so no number of clean shutdowns fails a job.
--
-- KEYS[1]  tw:{s}:ready:<kind>       sorted set, due time by lane
-- KEYS[2]  tw:{s}:<c or d>:<lane>    hash that holds the state of the lane: claim, attempts
-- KEYS[3]  tw:{s}:bell:<kind>        string, present while a ring is on its way
-- ARGV[1]  the lane, <account>:<id>
-- ARGV[2]  id of the claim
--
-- Returns {"released", ring} or {"stale"}.

if redis.call("HGET", KEYS[2], "claim") ~= ARGV[2] then
  return { "stale" }
end
redis.call("HDEL", KEYS[2], "claim")
redis.call("HINCRBY", KEYS[2], "attempts", -1)
redis.call("ZADD", KEYS[1], int(clock()), ARGV[1])
return { "released", ring(KEYS[3], true) }
