-- dead is put, after events, in front of the script that gives events up.
--
-- What was given up is kept, to be listed and sent again:
--
--   tw:{s}:dead:<account>:<endpoint>  sorted set, "<job> <sequence> <status> <occurred> <why>"
--                                     by when it was given up; expires
--   tw:{s}:halted:<account>           sorted set, lanes that wait for an operator, by
--                                     since when
-- Used by:
--   bury: settle_events
--   final: settle_events
--   halt: settle_events
--   superseded: settle_events

local MOST_DEAD = 10000 -- events of an endpoint that are kept

-- bury keeps an event of a lane that was given up, as long as its job.
local function bury(e, lane, event, why, kept)
  local key = KEYS[1] .. "dead:" .. e.name
  local sequence, status, at = string.match(event, "^(%d+) (%S+) (%d+)")
  if not sequence then
    return
  end
  local text = string.sub(lane, #e.owner + 2) .. " " .. sequence .. " " .. status .. " " .. at .. " " .. why
  redis.call("ZADD", key, NOW, text)
  shed(key, now - kept)
  redis.call("ZREMRANGEBYRANK", key, "0", int(-MOST_DEAD - 1))
  redis.call("PEXPIRE", key, kept)
end

-- final reports whether an event is the last one of its job.
local function final(event)
  return string.find(event, " completed ", 1, true) or string.find(event, " failed ", 1, true)
end

-- superseded returns how many events, from the given one on, a later one of the same
-- list makes needless: all before the last one of the job.
local function superseded(events, from)
  for n = from, #events do
    if final(events[n]) then
      return n - from
    end
  end
  return 0
end

-- halt has a lane wait for an operator, with its head.
local function halt(e, lane, claim)
  redis.call("HSET", KEYS[1] .. "d:" .. lane, "claim", "-halted " .. claim, "attempts", "0", "halted", NOW, "refused", "1")
  redis.call("HDEL", KEYS[1] .. "d:" .. lane, "since", "next")
  redis.call("ZADD", KEYS[1] .. "halted:" .. e.owner, NOW, lane)
end
