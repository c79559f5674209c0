-- renew_lane starts the lease of a lane anew, unless the claim is lost.
--
-- KEYS[1]  tw:{s}:                   the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:ready:<kind>       sorted set, see lib/lane.lua
-- KEYS[3]  tw:{s}:l:<lane>           string, the state of an append lane, which begins
--                                     with its claim; or
--          tw:{s}:d:<lane>           hash, the state of a deliver lane, with the field claim
-- Built from KEYS[1]: clock
-- ARGV[1]  the lane, <account>:<id>
-- ARGV[2]  id of the claim
-- ARGV[3]  lease, in ms
-- ARGV[4]  "append" or "deliver"
--
-- Returns {"renewed"} or {"stale"}.

local state = ARGV[4] == "append" and redis.call("GET", KEYS[3]) or ARGV[4] ~= "append" and redis.call("HGET", KEYS[3], "claim")
if string.match(state or "", "^[^|]*") ~= ARGV[2] then
  return { "stale" }
end
local now = clock()
even_if_full(KEYS[2])
due_at(KEYS[2], ARGV[1], now + ARGV[3])
place_accounts(KEYS[2], now)
keep_clock()
return { "renewed" }
