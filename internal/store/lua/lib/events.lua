-- events is put, after lane, in front of the scripts that grant events.
--
-- They share their first keys:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:deliver    sorted set, due time by deliver lane
-- KEYS[3]  tw:{s}:bell:deliver     string, present while a ring is on its way
--
-- Which lane is granted only the script can know. From the prefix it builds
-- d:, e: and j: of the lane, as doc.go describes them.
--
-- A grant is the reply {"granted", lane, claim, attempts, since when the event
-- is attempted, since when it is due, conversation, body, event, ring}, body
-- being the first line of the job's. Without one the reply is {"idle", ring}.

-- The in_progress of a job waits for the last event of the job before it in
-- the conversation, so that a receiver never sees two of them in progress. It
-- waits for first attempts only: an event in trouble holds back its own job.
-- Who waits is noted as next in the state of whom it waits for, and is due
-- again as soon as that one is through or in trouble.

-- in_the_way tells whether the lane has events of which none has failed.
local function in_the_way(lane)
  if redis.call("EXISTS", KEYS[1] .. "e:" .. lane) == 0 then
    return false
  end
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "claim", "attempts")
  local attempts = tonumber(state[2] or 0)
  return attempts == 0 or attempts == 1 and state[1]
end

-- pass makes the lane due that waits for one that is out of its way now.
local function pass(waiting, now)
  if waiting then
    redis.call("ZADD", KEYS[2], "XX", int(now), waiting)
  end
end

-- event grants the head of a lane: the nth attempt at it, since the first. It
-- returns nil if the lane has to wait, or has nothing left to tell.
local function event(lane, head, claim, nth, since, score, now, term)
  local job = redis.call("HMGET", KEYS[1] .. "j:" .. lane, "conversation", "body", "after")
  if not head or not job[1] then -- the job's retention is over
    redis.call("ZREM", KEYS[2], lane)
    redis.call("DEL", KEYS[1] .. "d:" .. lane, KEYS[1] .. "e:" .. lane)
    return nil
  end
  if job[3] and job[3] ~= "" and nth == 1 and string.find(head, " in_progress ", 1, true) then
    local before = string.match(lane, "^[^:]*:") .. job[3]
    if in_the_way(before) then
      redis.call("HSET", KEYS[1] .. "d:" .. before, "next", lane)
      redis.call("HDEL", KEYS[1] .. "d:" .. lane, "claim", "attempts", "since")
      redis.call("ZADD", KEYS[2], int(now + term), lane)
      return nil
    end
  end
  redis.call("HSET", KEYS[1] .. "d:" .. lane, "claim", claim, "attempts", nth, "since", since)
  redis.call("ZADD", KEYS[2], int(now + term), lane)
  return { "granted", lane, claim, nth, since, score, job[1], string.match(job[2], "^[^\n]*"), head, 0 }
end

-- claim_due grants the deliver lane that has been due longest. With help it
-- rings for another worker if another lane is due.
local function claim_due(claim, now, term, help)
  local lane, score, another = due(KEYS[2], now)
  while lane do
    local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "attempts", "since")
    local head = redis.call("LINDEX", KEYS[1] .. "e:" .. lane, 0)
    local granted = event(lane, head, claim, (state[1] or 0) + 1, state[2] or int(now), score, now, term)
    if granted then
      granted[10] = ring(KEYS[3], help and another)
      return granted
    end
    lane, score, another = due(KEYS[2], now)
  end
  return { "idle", 0 }
end
