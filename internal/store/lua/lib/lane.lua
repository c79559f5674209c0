-- lane is put in front of every script about lanes.
--
-- A lane is named "<account>:<id>", the member that stands for it in the ready
-- index of its shard. The score there is the time from which it may be
-- claimed; of a lane under a lease that is the deadline. Times are Unix
-- milliseconds by the clock of Redis.
--
-- Where a script helps to take work off the lanes, its first write is a command
-- that Redis grants even when its memory is full (DEL, HDEL, LPOP, LTRIM,
-- ZREM): after that it refuses no other. So a full Redis refuses new jobs and
-- still works off those it has.

local BELL = 500 -- how long a ring may be on its way before it is repeated, in ms

local function clock()
  local t = redis.call("TIME")
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- int writes a whole number; Lua's own tostring would write 1.7e+12.
local function int(n)
  return string.format("%.0f", n)
end

-- even_if_full is such a write, for scripts that have none of their own.
local function even_if_full(ready)
  redis.call("ZREM", ready, "")
end

-- ring returns 1 if the doorbell is to be rung: it is wanted, and no ring is
-- on its way.
local function ring(bell, wanted)
  if wanted and redis.call("SET", bell, "1", "NX", "PX", BELL) then
    return 1
  end
  return 0
end

-- due returns the lane that has been due longest, since when it is, and
-- whether there is another one.
local function due(ready, now)
  local lanes = redis.call("ZRANGEBYSCORE", ready, "-inf", int(now), "WITHSCORES", "LIMIT", 0, 2)
  return lanes[1], lanes[2], lanes[3] ~= nil
end

-- announce puts the event that the job has changed its status at the end of
-- its deliver lane. It returns whether that made the lane due.
local function announce(job, events, ready, member, status, at, now)
  local sequence = redis.call("HINCRBY", job, "events", 1)
  local waiting = redis.call("RPUSH", events, sequence .. " " .. status .. " " .. int(at))
  if waiting > 1 then
    return false
  end
  redis.call("ZADD", ready, int(now), member)
  return true
end
