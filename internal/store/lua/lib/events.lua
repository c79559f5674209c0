-- events is put, after lane, in front of the scripts that grant events.
--
-- They share their first keys:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:deliver    sorted set, due time by deliver lane
-- KEYS[3]  tw:{s}:bell:deliver     string, until when a ring is on its way
--
-- Which lane is granted only the script can know. From the prefix it builds
-- claims:deliver, and d:, e: and j: of the lane, as doc.go describes them.
--
-- A grant is the reply {"granted", lane, claim, attempt, since when the event
-- is attempted, since when it is due, conversation, body, event, ring}, body
-- being the first line of the job's. Without one the reply is {"idle", ring}.
-- Used by:
--   CLAIMS: claim_event, settle_event
--   claim_due: claim_event, settle_event
--   end_lane: claim_event, settle_event
--   event: claim_event, settle_event
--   goes_first: claim_event, settle_event
--   granted_before: claim_event, settle_event
--   wake_waiting: settle_event

local CLAIMS = KEYS[1] .. "claims:deliver"

-- The in_progress of a job waits for the last event of the job before it in
-- the conversation, so that a receiver never sees two of them in progress. It
-- waits until the receiver has failed to take an event of that job once: from
-- then on an event in trouble holds back its own job only. Whether a claim or
-- a reply was lost, or a dispatcher died, makes no difference. Who waits is
-- noted as next in the state of whom it waits for, and is due again as soon as
-- that one is out of its way.

-- goes_first reports whether the lane has events, and the receiver has refused
-- none.
local function goes_first(lane)
  return redis.call("EXISTS", KEYS[1] .. "e:" .. lane) == 1 and redis.call("HEXISTS", KEYS[1] .. "d:" .. lane, "refused") == 0
end

-- wake_waiting makes the lane due that waits for one that is out of its way now.
local function wake_waiting(waiting, now)
  if waiting then
    redis.call("ZADD", KEYS[2], "XX", int(now), waiting)
  end
end

-- end_lane ends a lane that has nothing left to tell: somebody else deleted keys.
local function end_lane(lane)
  redis.call("ZREM", KEYS[2], lane)
  redis.call("DEL", KEYS[1] .. "d:" .. lane, KEYS[1] .. "e:" .. lane)
end

-- event grants the head of a lane, after attempts that ended without effect,
-- the first of which began since. Else it returns nil and "waiting" if the
-- lane has to wait, "gone" if its job or its list is.
local function event(lane, head, claim, attempts, since, score, now, term)
  local job = redis.call("HMGET", KEYS[1] .. "j:" .. lane, "conversation", "body", "after")
  if not head or not job[1] then
    return nil, "gone"
  end
  local state = KEYS[1] .. "d:" .. lane
  if job[3] and job[3] ~= "" and attempts == "0" and string.find(head, " in_progress ", 1, true) then
    local before = string.match(lane, "^[^:]*:") .. job[3]
    if goes_first(before) then
      redis.call("HSET", KEYS[1] .. "d:" .. before, "next", lane)
      redis.call("HDEL", state, "claim", "attempts", "since")
      redis.call("ZADD", KEYS[2], int(now + term), lane)
      return nil, "waiting"
    end
  end
  redis.call("HSET", state, "claim", claim, "attempts", attempts, "since", since)
  redis.call("HSET", CLAIMS, claim, lane)
  redis.call("ZADD", KEYS[2], int(now + term), lane)
  return { "granted", lane, claim, tried(attempts) + 1, since, score, job[1], string.match(job[2] or "", "^[^\n]*"), head, 0 }
end

-- granted_before returns the grant of a claim that holds a lane already, whose
-- caller has not heard of it, or nil.
local function granted_before(claim, now, term)
  local lane = redis.call("HGET", CLAIMS, claim)
  if not lane then
    return nil
  end
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "claim", "attempts", "since")
  if state[1] ~= claim then
    redis.call("HDEL", CLAIMS, claim)
    return nil
  end
  even_if_full(KEYS[2])
  local head = redis.call("LINDEX", KEYS[1] .. "e:" .. lane, 0)
  return (event(lane, head, claim, state[2] or "0", state[3] or int(now), int(now), now, term))
end

-- claim_due grants the deliver lane that has been due longest. A lane whose
-- lease ran out, or whose job is gone, is left to claim_event, which passes its
-- arguments as own.
local function claim_due(claim, now, term, own)
  local lane, score, another = due(KEYS[2], now)
  while lane do
    local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "attempts", "since", "claim")
    local attempts, lapsed = state[1] or "0", holder(state[3])
    if lapsed and not own then
      return { "idle", ring(KEYS[3], true, now) }
    end
    if lapsed and lapsed ~= own.judged then
      return { "lapsed", lane, lapsed, score, attempts, int(now) }
    end
    if lapsed then
      redis.call("HDEL", CLAIMS, lapsed)
      attempts = own.attempts
    end
    local head = redis.call("LINDEX", KEYS[1] .. "e:" .. lane, 0)
    local granted, trouble = event(lane, head, claim, attempts, state[2] or int(now), score, now, term)
    if granted then
      granted[10] = ring(KEYS[3], own and another, now)
      return granted
    end
    if trouble == "gone" and not own then
      return { "idle", ring(KEYS[3], true, now) }
    end
    if trouble == "gone" then
      end_lane(lane)
      return { "mended", lane, ring(KEYS[3], another, now) }
    end
    lane, score, another = due(KEYS[2], now)
  end
  return { "idle", 0 }
end
