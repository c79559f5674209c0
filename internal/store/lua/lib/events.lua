-- events is put, after lane, in front of the scripts that grant events.
--
-- They share their first keys:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:deliver    sorted set, due time by deliver lane
-- KEYS[3]  tw:{s}:bell:deliver     string, present while a ring is on its way
--
-- Which lane is granted only the script can know. From the prefix it builds
-- d:, e:, j: and b: of the lane, as doc.go describes them.
--
-- A grant is the reply {"granted", lane, claim, attempts, since when the event
-- is attempted, since when it is due, conversation, body, event, ring}, body
-- being the first line of the job's. Without one the reply is {"idle", ring}.

-- event grants the head of a lane that is due since then.
local function event(member, claim, attempts, since, now, term)
  local head = redis.call("LINDEX", KEYS[1] .. "e:" .. member, 0)
  local conversation = redis.call("HGET", KEYS[1] .. "j:" .. member, "conversation")
  if not head or not conversation then
    return nil -- the job's retention is over: there is nothing left to tell
  end
  local score = redis.call("ZSCORE", KEYS[2], member)
  lease(KEYS[2], member, KEYS[1] .. "d:" .. member, claim, attempts, now + term)
  if attempts == 1 then
    redis.call("HSET", KEYS[1] .. "d:" .. member, "since", int(now))
    since = now
  end
  local body = redis.call("GET", KEYS[1] .. "b:" .. member) or "{}"
  local line = string.match(body, "^[^\n]*")
  return { "granted", member, claim, attempts, int(since), score, conversation, line, head, 0 }
end

-- claim_due grants the deliver lane that has been due longest, and clears
-- lanes away that outlived their job.
local function claim_due(claim, now, term)
  local member, another = due(KEYS[2], now)
  while member do
    local state = redis.call("HMGET", KEYS[1] .. "d:" .. member, "attempts", "since")
    local granted = event(member, claim, (state[1] or 0) + 1, state[2] or now, now, term)
    if granted then
      granted[10] = ring(KEYS[3], another)
      return granted
    end
    redis.call("ZREM", KEYS[2], member)
    redis.call("DEL", KEYS[1] .. "d:" .. member, KEYS[1] .. "e:" .. member)
    member, another = due(KEYS[2], now)
  end
  return { "idle", 0 }
end
