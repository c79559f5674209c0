-- breaker is put, after endpoints and events, in front of the scripts that hear how
-- attempts ended.
--
-- ARGV[5]   how long failures of an endpoint are counted together, in ms
-- ARGV[6]   how many of them open it
-- ARGV[7]   and how many of a hundred attempts these must be
-- ARGV[8]   how long it is open until the first probe, in ms; twice as long after each
--           that fails
-- ARGV[9]   how long at most, in ms
-- ARGV[10]  how long events are tried, in ms: an endpoint that has been open so long is
--           probed each second, because each probe gives an event up
-- ARGV[11]  how long the state of an endpoint is kept when nothing changes, in ms
--
-- An endpoint is closed, or open: the field open is the time of its next probe, opened
-- since when it is open, pause how long it is until the next probe. While it is closed
-- and has failed, from is when that was counted first, and sent and failed are how many
-- attempts have ended since then. fast is until when it counts as fast.
-- Used by:
--   close_endpoint: settle_events
--   count_attempts: settle_events
--   free_from: hear_probe, settle_events
--   hear: settle_events
--   open_endpoint: settle_events
--   probe_again: settle_events
--   probe_at: hear_probe, settle_events
--   remember: settle_events

local FAST = 60000 -- for how long a fast answer shows that an endpoint is fast, in ms

-- free_from writes before when an endpoint is not to be asked, from what keeps it.
local function free_from(e)
  local kept = redis.call("HMGET", ENDPOINT .. e.name, "paused", "held", "open", "free")
  e.limit = kept[1] and PAUSED or math.max(tonumber(kept[2] or 0), tonumber(kept[3] or 0))
  redis.call("HSET", ENDPOINT .. e.name, "until", int(e.limit))
end

-- remember keeps the state of an endpoint for a while, with its name.
local function remember(e, origin)
  if e.remembered then
    return
  end
  e.remembered = true
  redis.call("HSET", ENDPOINT .. e.name, "origin", origin)
  if e.limit < PAUSED then
    redis.call("PEXPIRE", ENDPOINT .. e.name, ARGV[11])
  end
  local all = KEYS[1] .. "endpoints:" .. e.owner
  redis.call("ZADD", all, NOW, e.id)
  shed(all, now - ARGV[11])
  redis.call("PEXPIRE", all, ARGV[11])
end

-- probe_at has an endpoint that is open be probed next at a time.
local function probe_at(e, time)
  e.open = int(time)
  redis.call("HSET", ENDPOINT .. e.name, "open", e.open)
  redis.call("ZADD", KEYS[1] .. "open", e.open, e.name)
  free_from(e)
end

-- open_endpoint has an endpoint be left alone for a while.
local function open_endpoint(e, pause)
  local key = ENDPOINT .. e.name
  e.from = false
  redis.call("HSETNX", key, "opened", NOW)
  redis.call("HSET", key, "pause", int(pause))
  redis.call("HDEL", key, "from", "sent", "failed")
  probe_at(e, now + pause)
end

-- close_endpoint has an endpoint be asked again, since it answered.
local function close_endpoint(e)
  e.open = false
  redis.call("HDEL", ENDPOINT .. e.name, "open", "opened", "pause")
  redis.call("ZREM", KEYS[1] .. "open", e.name)
  free_from(e)
end

-- probe_again has an endpoint stay open whose probe failed. What was under way when
-- it opened is no probe.
local function probe_again(e)
  if tonumber(e.open) > now then
    return
  end
  local kept = redis.call("HMGET", ENDPOINT .. e.name, "pause", "opened")
  local pause = math.min(2 * tonumber(kept[1] or ARGV[8]), tonumber(ARGV[9]))
  if tonumber(kept[2] or now) <= now - ARGV[10] then
    pause = math.min(pause, 1000)
  end
  open_endpoint(e, pause)
end

-- count_attempts counts attempts at a closed endpoint, from its first failure on.
local function count_attempts(e, sent, failed)
  local key = ENDPOINT .. e.name
  if e.from and now - e.from >= tonumber(ARGV[5]) then
    redis.call("HDEL", key, "from", "sent", "failed")
    e.from = false
  end
  if not e.from and failed == 0 then
    return
  end
  if not e.from then
    e.from = NOW
    redis.call("HSET", key, "from", NOW)
  end
  local all = redis.call("HINCRBY", key, "sent", sent)
  local bad = tonumber(failed > 0 and redis.call("HINCRBY", key, "failed", failed) or 0)
  if bad >= tonumber(ARGV[6]) and 100 * bad >= all * ARGV[7] then
    open_endpoint(e, tonumber(ARGV[8]))
  end
end

-- hear notes how so many attempts at an endpoint ended, of which only the last one may
-- have failed: "fast", "slow", "failed", "hung", or "" if that says nothing about it. Of
-- one that asks for that it also notes how long it is not to be asked.
local function hear(e, how, count, hold, origin)
  local failed = how == "failed" or how == "hung"
  if e.open and failed then
    probe_again(e)
  elseif e.open and how ~= "" then
    close_endpoint(e)
  elseif how ~= "" then
    count_attempts(e, count, failed and 1 or 0)
  end
  if how == "fast" and e.fast - now < FAST / 2 then
    e.fast = now + FAST
    redis.call("HSET", ENDPOINT .. e.name, "fast", int(e.fast))
    remember(e, origin)
  elseif (how == "slow" or how == "hung") and e.fast > 0 then
    e.fast = 0
    redis.call("HDEL", ENDPOINT .. e.name, "fast")
  end
  if hold ~= "" and now + hold > e.limit then
    redis.call("HSET", ENDPOINT .. e.name, "held", int(now + hold))
    redis.call("ZADD", KEYS[1] .. "held", int(now + hold), e.name)
    shed(KEYS[1] .. "held", now)
    free_from(e)
  end
  if how ~= "fast" and how ~= "" then
    remember(e, origin)
  end
end
