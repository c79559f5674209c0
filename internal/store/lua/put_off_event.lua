-- put_off_event makes the deliver lane that is to be claimed next due later, whoever
-- holds it. It is for a lane that makes other scripts fail.
--
-- KEYS[1..3]  see lib/events.lua
-- ARGV[1..4]  see lib/events.lua; the lease is how much later
-- Built from KEYS[1]: claims:deliver, clock, endpoint:, flight:,
--   ready:deliver, turn:deliver
--
-- Returns {"put_off", lane} or {"none"} if no lane is due.

local e, lane = next_lane("")
if not lane then
  write()
  return { "none" }
end
if e.lapsed then
  lane_flies(e, lane, LEASED)
else
  lane_waits(e, lane, LEASED)
end
write()
return { "put_off", lane }
