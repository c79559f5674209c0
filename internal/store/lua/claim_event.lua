-- claim_event claims the deliver lane that has been due longest, with the
-- event at its head. The attempt counts from now on.
--
-- KEYS[1..3]  see lib/events.lua
-- ARGV[1]     id of the claim, random
-- ARGV[2]     lease, in ms
--
-- Returns a grant, see lib/events.lua.

redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
return claim_due(ARGV[1], clock(), ARGV[2], true)
