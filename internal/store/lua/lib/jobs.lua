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
-- From the prefix it builds a:, q:, c: and p: of the lane and j:, b: and e: of
-- its jobs, as doc.go describes them.
--
-- A grant is the reply {"granted", lane, claim, attempts, now, end of the
-- conversation or "", ring append, ring deliver, jobs}, each job {id,
-- sequence, accepted, body, known}, known being {speaker's key, member, ...}.
-- Without one the reply is {"idle", ring append, ring deliver}.

local announced = false -- whether a deliver lane became due

-- known finds the members whom the speakers of a body may be.
local function known(people, body)
  local first = string.find(body, "\n", 1, true)
  local second = string.find(body, "\n", first + 1, true)
  if second == first + 3 then -- []
    return {}
  end
  local keys = cjson.decode(string.sub(body, first + 1, second - 1))
  local ids = redis.call("HMGET", people, unpack(keys))
  local found = {}
  for n, key in ipairs(keys) do
    if ids[n] then
      found[#found + 1] = key
      found[#found + 1] = redis.call("HGET", people, "m:" .. ids[n])
    end
  end
  return found
end

-- started moves the job to in_progress, once.
local function started(owner, hook, at, now)
  local job = KEYS[1] .. "j:" .. owner
  redis.call("HSET", job, "status", "in_progress", "started", int(at))
  if hook and announce(job, KEYS[1] .. "e:" .. owner, KEYS[4], owner, "in_progress", at, now) then
    announced = true
  end
end

-- finished moves the job to a final status and leaves of its body what may
-- still be asked for.
local function finished(owner, hook, status, at, now, rest, retention)
  local job = KEYS[1] .. "j:" .. owner
  redis.call("HSET", job, "status", status, "finished", int(at))
  redis.call("PEXPIRE", job, retention)
  redis.call("SET", KEYS[1] .. "b:" .. owner, rest, "PX", retention)
  if hook and announce(job, KEYS[1] .. "e:" .. owner, KEYS[4], owner, status, at, now) then
    announced = true
  end
end

local function account(member)
  return string.sub(member, 1, string.find(member, ":", 1, true))
end

-- grant puts the lane under the claim, which has begun its head so many times
-- before, and returns the jobs at its front. A head whose worker died is
-- granted alone, so that attempts are counted for the job that deserves it.
local function grant(member, claim, attempts, now, term, most)
  if attempts > 1 then
    most = 1
  end
  lease(KEYS[2], member, KEYS[1] .. "a:" .. member, claim, attempts, now + term)
  local jobs = {}
  for n, id in ipairs(redis.call("LRANGE", KEYS[1] .. "q:" .. member, 0, most - 1)) do
    local owner = account(member) .. id
    local job = redis.call("HMGET", KEYS[1] .. "j:" .. owner, "sequence", "accepted", "status", "hook")
    if n == 1 and job[3] == "scheduled" then
      started(owner, job[4], now, now)
    end
    local body = redis.call("GET", KEYS[1] .. "b:" .. owner)
    jobs[n] = { id, job[1], job[2], body, known(KEYS[1] .. "p:" .. member, body) }
  end
  local stop = redis.call("HGET", KEYS[1] .. "c:" .. member, "end")
  return { "granted", member, claim, attempts, int(now), stop or "", 0, 0, jobs }
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

-- claim_due grants the append lane that has been due longest.
local function claim_due(claim, now, term, most)
  local member, another = due(KEYS[2], now)
  if not member then
    return answer(nil, false)
  end
  local attempts = redis.call("HGET", KEYS[1] .. "a:" .. member, "attempts") or 0
  return answer(grant(member, claim, attempts + 1, now, term, most), another)
end

-- go_on ends a claim whose head left the lane: it grants the same lane anew if
-- it has more and stay allows jobs, else gives it back and grants another one
-- if move allows jobs.
local function go_on(member, claim, fresh, now, term, stay, move)
  local more = redis.call("EXISTS", KEYS[1] .. "q:" .. member) == 1
  if more and stay > 0 then
    return answer(grant(member, claim, 1, now, term, stay), false)
  end
  redis.call("DEL", KEYS[1] .. "a:" .. member)
  if more then
    redis.call("ZADD", KEYS[2], int(now), member)
  else
    redis.call("ZREM", KEYS[2], member)
  end
  if move > 0 then
    return claim_due(fresh, now, term, move)
  end
  return answer(nil, more)
end
