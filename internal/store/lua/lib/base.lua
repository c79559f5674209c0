-- base is put in front of every script that needs the time, writes numbers, or
-- writes long lists. Times are Unix milliseconds.
-- Used by:
--   cut: commit_jobs, fail_job, stage_effects, steer_lane
--   in_portions: commit_jobs, edit_conversation
--   int: accept_jobs, add_items, add_secret, bind_external, claim_event,
--       claim_jobs, commit_jobs, delete_conversation, edit_conversation, fail_job,
--       go_on_event, hear_probe, put_off_event, put_off_lane, release_event,
--       release_lane, renew_event, renew_lane, replace_item, resend_event,
--       resend_events, settle_events, stage_effects, steer_endpoint, steer_lane,
--       sweep_lanes, take_slot, test_event
--   shed: settle_events
--   wall: accept_jobs, add_items, add_secret, bind_external, claim_event,
--       claim_jobs, commit_jobs, delete_conversation, end_secret, fail_job,
--       go_on_event, hear_probe, put_off_event, put_off_lane, release_event,
--       release_lane, renew_event, renew_lane, replace_item, resend_event,
--       resend_events, settle_events, steer_endpoint, steer_lane, sweep_lanes,
--       take_slot, test_event

local micros -- of the second, when wall was called

-- wall returns the time by the clock of Redis, which may step back: with NTP,
-- or at a failover to a server whose clock is behind.
local function wall()
  local t = redis.call("TIME")
  micros = t[2]
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- int writes a whole number. To have Lua's own tostring or Redis write it, or "%.0f",
-- costs twice as much, about as much as a small command.
local function int(n)
  return string.format("%d", n)
end

-- in_portions calls a command on a key with all values of a list, or so many from the
-- first on, as often as it takes: unpack has room for some thousands. It returns what
-- the last call did.
local function in_portions(command, key, list, first, count)
  local reply
  first = first or 1
  local last = first + (count or #list) - 1
  for from = first, last, 1000 do
    reply = redis.call(command, key, unpack(list, from, math.min(from + 999, last)))
  end
  return reply
end

-- cut takes away what a list has beyond its first values, so many of them.
local function cut(key, count)
  if count == 0 then
    redis.call("UNLINK", key)
  else
    redis.call("LTRIM", key, "0", int(count - 1))
  end
end

-- shed takes what is old out of a sorted set of times, to be called by whoever adds to it:
-- a hundred at most, because as many as there are may have become old together.
local function shed(key, before)
  local old = math.min(redis.call("ZCOUNT", key, "-inf", int(before)), 100)
  if old > 0 then
    redis.call("ZREMRANGEBYRANK", key, "0", int(old - 1))
  end
end
