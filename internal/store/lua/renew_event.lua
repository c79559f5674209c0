-- renew_event starts the lease of a deliver lane anew, unless the claim is lost.
--
-- KEYS[1]  tw:{s}:           the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:d:<lane>   hash, the state of the lane, with the field claim
-- Built from KEYS[1]: clock, endpoint:, flight:, ready:deliver
-- ARGV[1]  the lane, <account>:<job>
-- ARGV[2]  id of the claim
-- ARGV[3]  lease, in ms
-- ARGV[4]  id of its endpoint
--
-- Returns {"renewed"} or {"stale"}.

if redis.call("HGET", KEYS[2], "claim") ~= ARGV[2] then
  return { "stale" }
end
local now = clock()
even_if_full(DELIVER)
lane_flies(endpoint_at(string.match(ARGV[1], "^[^:]*"), ARGV[4]), ARGV[1], now + ARGV[3])
place_endpoints()
keep_clock()
return { "renewed" }
