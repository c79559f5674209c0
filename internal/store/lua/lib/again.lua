-- again is put, after endpoints, in front of the scripts that send events once more.
-- Used by:
--   again: resend_event, resend_events
--   go_on: go_on_event, resend_event, resend_events
--   keep_job: resend_event, resend_events

-- keep_job keeps a job and its records until its events are done again. It returns
-- whether the job is there.
local function keep_job(lane)
  if redis.call("EXISTS", KEYS[1] .. "j:" .. lane) == 0 then
    return false
  end
  redis.call("PERSIST", KEYS[1] .. "j:" .. lane)
  redis.call("PERSIST", KEYS[1] .. "t:" .. lane)
  return true
end

-- go_on ends the wait of a lane for an operator, if it waits with an event at its
-- head: that is sent again, or dropped. It returns whether it did.
local function go_on(e, lane, event, drop, kept)
  local state, list = KEYS[1] .. "d:" .. lane, KEYS[1] .. "e:" .. lane
  if redis.call("HEXISTS", state, "halted") == 0 then
    return false
  end
  local head = redis.call("LINDEX", list, "0") or ""
  if head ~= event and head ~= event .. " r" then
    return false
  end
  redis.call("HDEL", state, "halted", "since")
  redis.call("ZREM", KEYS[1] .. "halted:" .. e.owner, lane)
  if not drop then
    redis.call("LSET", list, "0", event .. " r")
  else
    redis.call("LPOP", list)
    if redis.call("EXISTS", list) == 0 then
      redis.call("DEL", state)
      redis.call("PEXPIRE", KEYS[1] .. "j:" .. lane, kept)
      redis.call("PEXPIRE", KEYS[1] .. "t:" .. lane, kept)
      return true
    end
  end
  lane_waits(e, lane, moment)
  return true
end

-- again puts an event at the end of its lane, or has the lane go on with it. It
-- returns whether the event will be sent: not if its job is gone.
local function again(e, lane, event)
  if not keep_job(lane) then
    return false
  end
  if not go_on(e, lane, event, false) and redis.call("RPUSH", KEYS[1] .. "e:" .. lane, event .. " r") == 1 then
    lane_waits(e, lane, moment)
  end
  return true
end
