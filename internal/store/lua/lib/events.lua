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

-- event grants the head of a lane: the nth attempt at it, since the first.
local function event(lane, head, claim, nth, since, score, now, term)
  local job = redis.call("HMGET", KEYS[1] .. "j:" .. lane, "conversation", "body")
  if not head or not job[1] then
    return nil -- the job's retention is over: there is nothing left to tell
  end
  redis.call("HSET", KEYS[1] .. "d:" .. lane, "claim", claim, "attempts", nth, "since", since)
  redis.call("ZADD", KEYS[2], int(now + term), lane)
  return { "granted", lane, claim, nth, since, score, job[1], string.match(job[2], "^[^\n]*"), head, 0 }
end

-- claim_due grants the deliver lane that has been due longest, and clears
-- lanes away that outlived their job. With help it rings for another worker if
-- another lane is due.
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
    redis.call("ZREM", KEYS[2], lane)
    redis.call("DEL", KEYS[1] .. "d:" .. lane, KEYS[1] .. "e:" .. lane)
    lane, score, another = due(KEYS[2], now)
  end
  return { "idle", 0 }
end
