-- renew_lane starts the lease of an append lane anew, unless the claim is lost.
--
-- KEYS[1]  tw:{s}:               the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:ready:append   sorted set, see lib/lane.lua
-- KEYS[3]  tw:{s}:l:<lane>       string, the state of the lane, which begins with its claim
-- Built from KEYS[1]: clock
-- ARGV[1]  the lane, <account>:<conv>
-- ARGV[2]  id of the claim
-- ARGV[3]  lease, in ms
--
-- Returns {"renewed"} or {"stale"}.

if string.match(redis.call("GET", KEYS[3]) or "", "^%C*") ~= ARGV[2] then
  return { "stale" }
end
local now = clock()
even_if_full(KEYS[2])
due_at(KEYS[2], ARGV[1], now + ARGV[3])
place_accounts(KEYS[2], now)
keep_clock()
return { "renewed" }
