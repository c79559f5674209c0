-- renew_lane starts the lease of a lane anew, unless the claim is lost.
--
-- KEYS[1]  tw:{s}:ready:<kind>       sorted set, due time by lane
-- KEYS[2]  tw:{s}:<c or d>:<lane>    hash that holds the state of the lane: claim, attempts
-- ARGV[1]  the lane, <account>:<id>
-- ARGV[2]  id of the claim
-- ARGV[3]  lease, in ms
--
-- Returns {"renewed"} or {"stale"}.

if redis.call("HGET", KEYS[2], "claim") ~= ARGV[2] then
  return { "stale" }
end
even_if_full(KEYS[1])
redis.call("ZADD", KEYS[1], int(clock() + ARGV[3]), ARGV[1])
return { "renewed" }
