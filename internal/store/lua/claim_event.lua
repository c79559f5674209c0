-- claim_event claims the deliver lane that has been due longest, with the
-- event at its head. It is for lanes that settle_events leaves alone: where a
-- lease ran out the caller is asked first what became of its process, as with
-- claim_jobs, and a lane whose keys are gone is ended.
--
-- KEYS[1..3]  see lib/events.lua
-- ARGV[1..4]  see lib/events.lua
-- ARGV[5]     id of the claim, random
-- ARGV[6]     the claim that was judged, or ""
-- ARGV[7]     the field attempts as it is then, see lib/lane.lua
-- ARGV[8]     record of the attempt that was made under it, or ""
-- ARGV[9]     how many records of attempts are kept with a job
-- ARGV[10]    the weights of accounts, see lib/turns.lua; or ""
-- Built from KEYS[1]: claims:deliver, clock, d:, e:, endpoint:, flight:, j:,
--   ready:deliver, t:, turn:deliver
--
-- Returns a grant, see lib/events.lua; {"lapsed", lane, its claim, when the
-- lease ran out, attempts, now, conversation, event, when the attempt at it began} if the
-- caller is to judge that claim; or
-- {"mended", lane, ring} if keys of the lane were gone and it was ended.

redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
keep_clock()
local granted = granted_before(ARGV[5])
while not granted do
  local e, lane, since, another = next_lane(ARGV[10])
  if not lane then
    write()
    return { "idle", 0 }
  end
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "attempts", "since", "claim", "began")
  local attempts, lapsed = state[1] or "0", holder(state[3])
  if lapsed and lapsed ~= ARGV[6] then
    local conversation = conversation_of(redis.call("HGET", KEYS[1] .. "j:" .. lane, "state")) or ""
    local event = redis.call("LINDEX", KEYS[1] .. "e:" .. lane, "0") or ""
    return { "lapsed", lane, lapsed, since, attempts, NOW, conversation, event, state[4] or "" }
  end
  if lapsed then
    redis.call("HDEL", CLAIMS, lapsed)
    attempts = ARGV[7]
    record_cut(lane, ARGV[8], ARGV[9])
  end
  local trouble
  lane_gone(e, lane)
  granted, trouble = grant(e, lane, due_from(e, since), ARGV[5], attempts, state[2] or NOW)
  if trouble then
    lane_lands(e, lane)
  elseif lane ~= e.lapsed then
    use(e, #granted - FIRST + 1)
  end
  write()
  if trouble == "gone" then
    redis.call("DEL", KEYS[1] .. "d:" .. lane, KEYS[1] .. "e:" .. lane)
    return { "mended", lane, ring(KEYS[3], another, now) }
  end
  if granted then
    granted[2] = ring(KEYS[3], another, now)
  end
end
write()
return granted
