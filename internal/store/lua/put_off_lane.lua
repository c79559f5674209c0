-- put_off_lane makes the lane that is to be claimed next due later, whoever
-- holds it. It is for a lane that makes other scripts fail.
--
-- KEYS[1]  tw:{s}:              the prefix of all keys of the shard, see lib/lane.lua
-- KEYS[2]  tw:{s}:ready:append  sorted set, see lib/lane.lua
-- Built from KEYS[1]: clock
-- ARGV[1]  how much later, in ms
--
-- Returns {"put_off", lane} or {"none"} if no lane is due.

local now = clock()
local lane = due_lane(KEYS[2], now)
if not lane then
  return { "none" }
end
due_at(KEYS[2], lane, now + ARGV[1])
place_accounts(KEYS[2], now)
return { "put_off", lane }
