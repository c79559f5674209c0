-- claim_event claims the deliver lane that has been due longest, with the
-- event at its head. It is for lanes that settle_events leaves alone: where a
-- lease ran out the caller is asked first what became of its process, as with
-- claim_jobs, and a lane whose keys are gone is ended.
--
-- KEYS[1..3]  see lib/events.lua
-- Built from KEYS[1]: claims:deliver, clock, d:, e:, j:
-- ARGV[1]     lease, in ms
-- ARGV[2]     id of the claim, random
-- ARGV[3]     the claim that was judged, or ""
-- ARGV[4]     the field attempts as it is then, see lib/lane.lua
--
-- Returns a grant, see lib/events.lua; {"lapsed", lane, its claim, when the
-- lease ran out, attempts, now} if the caller is to judge that claim; or
-- {"mended", lane, ring} if keys of the lane were gone and it was ended.

redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
keep_clock()
local granted = granted_before(ARGV[2])
while not granted do
  local lane, score, another = due(KEYS[2], now)
  if not lane then
    return { "idle", 0 }
  end
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "attempts", "since", "claim")
  local attempts, lapsed = state[1] or "0", holder(state[3])
  if lapsed and lapsed ~= ARGV[3] then
    return { "lapsed", lane, lapsed, score, attempts, NOW }
  end
  if lapsed then
    redis.call("HDEL", CLAIMS, lapsed)
    attempts = ARGV[4]
  end
  local trouble
  granted, trouble = grant(lane, score, ARGV[2], attempts, state[2] or NOW)
  if trouble == "gone" then
    not_due(KEYS[2], lane)
    write()
    redis.call("DEL", KEYS[1] .. "d:" .. lane, KEYS[1] .. "e:" .. lane)
    return { "mended", lane, ring(KEYS[3], another, now) }
  end
  write()
  if granted then
    granted[2] = ring(KEYS[3], another, now)
  end
end
write()
return granted
