-- jobs is put, after lane, in front of the scripts that grant jobs.
--
-- They share their first keys:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:append     sorted set, due time by append lane
-- KEYS[3]  tw:{s}:bell:append      string, present while a ring is on its way
-- KEYS[4]  tw:{s}:ready:deliver    sorted set, due time by deliver lane
-- KEYS[5]  tw:{s}:bell:deliver     string, as KEYS[3]
--
-- Which lane is granted, and which jobs stand in it, only the script can know.
-- From the prefix it builds c:, q:, p: and g: of the lane, j: and e: of its
-- jobs, and x: and z: of its account, as doc.go describes them.
--
-- A grant is the reply {"granted", lane, claim, attempts, now, end of the
-- conversation or "", ring append, ring deliver, jobs}, each job {id,
-- sequence, accepted, body, known}, known being {speaker's key, member, ...}.
-- Without one the reply is {"idle", ring append, ring deliver}.

local announced = false -- whether a deliver lane became due

local met = {} -- what known found, by the line of speakers

-- known finds the members whom the speakers of a body may be.
local function known(people, body)
  local first = string.find(body, "\n", 1, true)
  local line = string.sub(body, first + 1, string.find(body, "\n", first + 1, true) - 1)
  if line == "[]" or met[line] then
    return met[line] or {}
  end
  local keys = cjson.decode(line)
  local ids = redis.call("HMGET", people, unpack(keys))
  local found, members = {}, {}
  for n, key in ipairs(keys) do
    local id = ids[n]
    if id then
      members[id] = members[id] or redis.call("HGET", people, "m:" .. id)
      found[#found + 1] = key
      found[#found + 1] = members[id]
    end
  end
  met[line] = found
  return found
end

-- tell announces that a job has changed its status, if it wants webhooks.
local function tell(owner, hook, status, at, now)
  if hook and announce(KEYS[1] .. "j:" .. owner, KEYS[1] .. "e:" .. owner, KEYS[4], owner, status, at, now) then
    announced = true
  end
end

-- start moves the job to in_progress, once, noting the job before it: its
-- last event goes first, see lib/events.lua. Jobs that want no webhooks are
-- passed over, or they would break the chain.
local function start(owner, hook, before, at, now)
  redis.call("HSET", KEYS[1] .. "j:" .. owner, "status", "in_progress", "started", int(at), "after", before or "")
  tell(owner, hook, "in_progress", at, now)
end

-- account returns the account of a lane, with the colon behind it.
local function account(lane)
  return string.sub(lane, 1, string.find(lane, ":", 1, true))
end

-- index puts the conversation of a lane where its start time belongs, and once
-- more if it is archived.
local function index(lane, start)
  local owner, id = string.match(lane, "^([^:]*):(.*)$")
  redis.call("ZADD", KEYS[1] .. "x:" .. owner, start, id)
  redis.call("ZADD", KEYS[1] .. "z:" .. owner, "XX", start, id)
end

-- grant puts the lane under the claim, which is the nth attempt at its head,
-- and returns the jobs at its front. A head whose worker died is granted
-- alone, so that attempts are counted for the job that deserves it. Of the
-- conversation it is told the end and the last job, and what else to write.
local function grant(lane, claim, nth, now, term, most, conversation, changes)
  if nth > 1 then
    most = 1
  end
  redis.call("HSET", KEYS[1] .. "c:" .. lane, "claim", claim, "attempts", nth, unpack(changes))
  redis.call("ZADD", KEYS[2], int(now + term), lane)
  local jobs = {}
  for n, id in ipairs(redis.call("LRANGE", KEYS[1] .. "q:" .. lane, 0, most - 1)) do
    local owner = account(lane) .. id
    local job = redis.call("HMGET", KEYS[1] .. "j:" .. owner, "sequence", "accepted", "status", "hook", "body")
    if n == 1 and job[3] == "scheduled" then
      start(owner, job[4], conversation.last, now, now)
    end
    local members = conversation.last and known(KEYS[1] .. "p:" .. lane, job[5]) or {}
    jobs[n] = { id, job[1], job[2], job[5], members }
  end
  return { "granted", lane, claim, nth, int(now), conversation.stop or "", 0, 0, jobs }
end

-- answer completes a grant, or its absence, with the rings.
local function answer(granted, more)
  local a, d = ring(KEYS[3], more), ring(KEYS[5], announced)
  if not granted then
    return { "idle", a, d }
  end
  granted[7], granted[8] = a, d
  return granted
end

-- bury fails the jobs of a lane whose conversation was deleted: as many as one
-- step may. If some are left the lane is due at once, and it returns true.
local function bury(lane, now)
  local queue, deleted = KEYS[1] .. "q:" .. lane, KEYS[1] .. "g:" .. lane
  local keep, bytes = redis.call("GET", deleted), 0
  for _, id in ipairs(redis.call("LRANGE", queue, 0, 499)) do
    redis.call("LPOP", queue)
    local owner = account(lane) .. id
    local job = KEYS[1] .. "j:" .. owner
    local kept = redis.call("HMGET", job, "hook", "body")
    redis.call("HSET", job, "status", "failed", "finished", int(now), "message", "the conversation was deleted",
      "body", string.match(kept[2], "^[^\n]*"))
    redis.call("PEXPIRE", job, keep)
    tell(owner, kept[1], "failed", now, now)
    bytes = bytes + #kept[2]
    if bytes > 4194304 then -- which it costs to read
      break
    end
  end
  if redis.call("EXISTS", queue) == 1 then
    redis.call("ZADD", KEYS[2], int(now), lane)
    return true
  end
  redis.call("DEL", deleted)
  redis.call("ZREM", KEYS[2], lane)
  return false
end

-- claim_due grants the append lane that has been due longest. With help it
-- rings for another worker if another lane is due. Of a conversation that was
-- deleted there is nothing to grant.
local function claim_due(claim, now, term, most, help)
  local lane, _, another = due(KEYS[2], now)
  if not lane then
    return answer(nil, false)
  end
  local c = redis.call("HMGET", KEYS[1] .. "c:" .. lane, "attempts", "end", "last", "accepted")
  if not c[4] then
    return answer(nil, bury(lane, now) or another)
  end
  local granted = grant(lane, claim, (c[1] or 0) + 1, now, term, most, { stop = c[2], last = c[3] }, {})
  return answer(granted, help and another)
end

-- go_on ends a claim whose head left the lane and writes the changes to the
-- conversation. If more jobs stand in the lane and stay allows some it grants
-- the same lane anew, else it gives it back, and grants another one if move
-- allows jobs. Either grant is a claim of its own, with the fresh id.
local function go_on(lane, now, more, conversation, changes)
  local fresh, term, stay, move = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
  if more and stay > 0 then
    return answer(grant(lane, fresh, 1, now, term, stay, conversation, changes), false)
  end
  redis.call("HSET", KEYS[1] .. "c:" .. lane, "claim", "", "attempts", 0, unpack(changes))
  if more then
    redis.call("ZADD", KEYS[2], int(now), lane)
  else
    redis.call("ZREM", KEYS[2], lane)
  end
  if move > 0 then
    return claim_due(fresh, now, term, move, false)
  end
  return answer(nil, more)
end
