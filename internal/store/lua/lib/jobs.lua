-- jobs is put, after lane, in front of the scripts that grant jobs.
--
-- They share their first keys:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:append     sorted set, due time by append lane
-- KEYS[3]  tw:{s}:bell:append      string, until when a ring is on its way
-- KEYS[4]  tw:{s}:ready:deliver    sorted set, due time by deliver lane
-- KEYS[5]  tw:{s}:bell:deliver     string, as KEYS[3]
--
-- Which lane is granted, and which jobs stand in it, only the script can know.
-- From the prefix it builds claims:append, c:, q:, p: and g: of the lane, j:
-- and e: of its jobs, and x: and z: of its account, as doc.go describes them.
--
-- A grant is the reply {"granted", lane, claim, attempt, now, end of the
-- conversation or "", ring append, ring deliver, how often the members were
-- changed, jobs}, each job {id, sequence, accepted, body, known}, known being
-- {speaker's key, member, ...}. Without one the reply is {"idle", ring append,
-- ring deliver}.
-- Used by:
--   CLAIMS: accept_job, claim_jobs, commit_jobs, delete_conversation, fail_job
--   account: accept_job, claim_jobs, commit_jobs, delete_conversation,
--       fail_job
--   announce: accept_job, claim_jobs, commit_jobs, delete_conversation,
--       fail_job
--   answer: accept_job, claim_jobs, commit_jobs, delete_conversation, fail_job
--   claim_due: claim_jobs, commit_jobs, fail_job
--   end_claim: commit_jobs, fail_job
--   ended_before: commit_jobs, fail_job
--   fail_deleted: claim_jobs, commit_jobs, delete_conversation, fail_job
--   fail_unworked: claim_jobs, commit_jobs, delete_conversation, fail_job
--   front: accept_job, claim_jobs, commit_jobs, fail_job
--   grant: accept_job, claim_jobs, commit_jobs, fail_job
--   granted_before: accept_job, claim_jobs, commit_jobs, fail_job
--   index: accept_job, commit_jobs
--   known: accept_job, claim_jobs, commit_jobs, fail_job
--   repair: claim_jobs, commit_jobs, fail_job
--   start: accept_job, claim_jobs, commit_jobs, fail_job
--   start_retention: claim_jobs, commit_jobs, delete_conversation, fail_job

local CLAIMS = KEYS[1] .. "claims:append"
local DAY = 86400000 -- ms

local announced = false -- whether a deliver lane became due

local found_by_line = {} -- what known found, by the line of speakers

-- known finds the members whom the speakers of a body may be. Of a body that
-- cannot be read there are none; who gets the job finds that out.
local function known(people, body)
  local line = string.match(body, "^[^\n]*\n[^\n]*\n([^\n]*)")
  if not line or line == "[]" or found_by_line[line] then
    return line and found_by_line[line] or {}
  end
  local readable, keys = pcall(cjson.decode, line)
  if not readable or type(keys) ~= "table" or type(keys[1]) ~= "string" then
    return {}
  end
  local ids = redis.call("HMGET", people, unpack(keys))
  local found, members = {}, {}
  for n, key in ipairs(keys) do
    local id = ids[n]
    if id then
      members[id] = members[id] or redis.call("HGET", people, "m:" .. id)
        or redis.call("HGET", people, "m:" .. (redis.call("HGET", people, "a:" .. id) or ""))
    end
    if id and members[id] then
      found[#found + 1] = key
      found[#found + 1] = members[id]
    end
  end
  found_by_line[line] = found
  return found
end

-- announce pushes the event that a job has changed its status, if it wants
-- webhooks.
local function announce(owner, hook, status, at, now)
  if hook and push_event(KEYS[1] .. "j:" .. owner, KEYS[1] .. "e:" .. owner, KEYS[4], owner, status, at, now) then
    announced = true
  end
end

-- start moves the job to in_progress, once, noting the job before it: its
-- last event goes first, see lib/events.lua. Jobs that want no webhooks are
-- passed over, or they would break the chain.
local function start(owner, hook, before, at, now)
  redis.call("HSET", KEYS[1] .. "j:" .. owner, "status", "in_progress", "started", int(at), "after", before or "")
  announce(owner, hook, "in_progress", at, now)
end

-- start_retention begins the retention of a job that is final. One with events is kept
-- until the last of them is settled: settle_event starts its retention then.
local function start_retention(job, hook, keep)
  if not hook then
    redis.call("PEXPIRE", job, keep)
  end
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

-- front returns the jobs at the front of a lane, up to one whose record is
-- gone, and moves the head to in_progress.
local function front(lane, most, now, last)
  local jobs = {}
  for n, id in ipairs(redis.call("LRANGE", KEYS[1] .. "q:" .. lane, 0, most - 1)) do
    local owner = account(lane) .. id
    local job = redis.call("HMGET", KEYS[1] .. "j:" .. owner, "sequence", "accepted", "status", "hook", "body")
    if not job[3] then
      break
    end
    if n == 1 and job[3] == "scheduled" then
      start(owner, job[4], last, now, now)
    end
    local body = job[5] or ""
    jobs[n] = { id, job[1] or "0", job[2] or "", body, last and known(KEYS[1] .. "p:" .. lane, body) or {} }
  end
  return jobs
end

-- grant puts the lane under the claim and returns the jobs at its front, or nil
-- if there are none, which needs mending. Attempts are those that ended without
-- effect; if there are any the head is granted alone, so that they are counted
-- for the job that deserves it. Of the conversation it is told the end, the
-- last job and the count of its members' changes, and what else to write.
local function grant(lane, claim, attempts, now, term, most, conversation, changes)
  if attempts ~= "0" then
    most = 1
  end
  local jobs = front(lane, most, now, conversation.last)
  if not jobs[1] then
    return nil
  end
  redis.call("HSET", KEYS[1] .. "c:" .. lane, "claim", claim, "attempts", attempts, unpack(changes))
  redis.call("HSET", CLAIMS, claim, lane)
  redis.call("ZADD", KEYS[2], int(now + term), lane)
  return { "granted", lane, claim, tried(attempts) + 1, int(now), conversation.stop or "", 0, 0, conversation.people or "0", jobs }
end

-- answer completes a grant, or its absence, with the rings.
local function answer(granted, more, now)
  local a, d = ring(KEYS[3], more, now), ring(KEYS[5], announced, now)
  if not granted then
    return { "idle", a, d }
  end
  granted[7], granted[8] = a, d
  return granted
end

-- granted_before returns the grant of a claim that holds a lane already, whose
-- caller has not heard of it, or nil.
local function granted_before(claim, now, term, most)
  local lane = redis.call("HGET", CLAIMS, claim)
  if not lane then
    return nil
  end
  local c = redis.call("HMGET", KEYS[1] .. "c:" .. lane, "attempts", "end", "last", "people", "claim")
  if c[5] ~= claim then
    redis.call("HDEL", CLAIMS, claim) -- the conversation was deleted
    return nil
  end
  even_if_full(KEYS[2])
  return grant(lane, claim, c[1] or "0", now, term, most, { stop = c[2], last = c[3], people = c[4] }, {})
end

-- fail_unworked makes a job of a lane failed that nobody will work, and says so.
local function fail_unworked(lane, id, message, now, keep)
  local owner = account(lane) .. id
  local job = KEYS[1] .. "j:" .. owner
  local kept = redis.call("HMGET", job, "hook", "body", "conversation")
  redis.call("HSET", job, "status", "failed", "finished", int(now), "message", message,
    "body", string.match(kept[2] or "", "^[^\n]*"))
  if not kept[3] then -- the record was gone
    redis.call("HSET", job, "conversation", string.sub(lane, #account(lane) + 1), "accepted", int(now))
  end
  start_retention(job, kept[1], math.max(tonumber(keep), DAY))
  announce(owner, kept[1], "failed", now, now)
  return #(kept[2] or "")
end

-- fail_deleted fails the jobs of a lane whose conversation was deleted: as many as one
-- step may. If some are left the lane is due at once, and it returns true.
local function fail_deleted(lane, now, keep)
  local queue, deleted, bytes = KEYS[1] .. "q:" .. lane, KEYS[1] .. "g:" .. lane, 0
  local message = "the conversation was deleted"
  if redis.call("EXISTS", deleted) == 0 then
    message = "the conversation is no longer stored"
  end
  for _, id in ipairs(redis.call("LRANGE", queue, 0, 499)) do
    redis.call("LPOP", queue)
    bytes = bytes + fail_unworked(lane, id, message, now, keep)
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

-- repair ends the trouble of a lane that has nothing to grant, because somebody
-- else deleted keys: its head has no record, or it has no list. It returns the
-- job that it failed, or "".
local function repair(lane, now, keep)
  local queue, conversation = KEYS[1] .. "q:" .. lane, KEYS[1] .. "c:" .. lane
  redis.call("ZREM", KEYS[2], lane)
  local id = redis.call("LPOP", queue) or ""
  if id ~= "" then
    local settled = redis.call("HINCRBY", conversation, "settled", 1)
    redis.call("HSET", conversation, "failed", settled)
    fail_unworked(lane, id, "the job is no longer stored", now, keep)
  end
  redis.call("HSET", conversation, "claim", "", "attempts", "0")
  if redis.call("EXISTS", queue) == 1 then
    redis.call("ZADD", KEYS[2], int(now), lane)
  else
    redis.call("HSET", conversation, "settled", redis.call("HGET", conversation, "accepted"))
  end
  return id
end

-- claim_due grants the append lane that has been due longest. Of a conversation
-- that was deleted there is nothing to grant. A lane whose lease ran out, or
-- that needs mending, is left to claim_jobs, which passes its arguments as own.
local function claim_due(claim, now, term, most, keep, own)
  local lane, since, another = due(KEYS[2], now)
  if not lane then
    return answer(nil, false, now)
  end
  local c = redis.call("HMGET", KEYS[1] .. "c:" .. lane, "attempts", "end", "last", "accepted", "claim", "people")
  if not c[4] then
    return answer(nil, fail_deleted(lane, now, keep) or another, now)
  end
  local attempts, lapsed = c[1] or "0", holder(c[5])
  if lapsed and not own then
    return answer(nil, true, now)
  end
  if lapsed and lapsed ~= own.judged then
    return { "lapsed", lane, lapsed, since, attempts, int(now) }
  end
  if lapsed and own.attempts == "" then
    redis.call("ZADD", KEYS[2], int(now + own.later), lane)
    return answer(nil, another, now)
  end
  if lapsed then
    redis.call("HDEL", CLAIMS, lapsed)
    attempts = own.attempts
  end
  local granted = grant(lane, claim, attempts, now, term, most, { stop = c[2], last = c[3], people = c[6] }, {})
  if not granted and own then
    local id = repair(lane, now, keep)
    return { "mended", lane, id, ring(KEYS[3], another, now), ring(KEYS[5], announced, now) }
  end
  return answer(granted, own and another or not granted, now)
end

-- end_claim ends a claim whose head left the lane and writes the changes to the
-- conversation. If more jobs stand in the lane and stay allows some it grants
-- the same lane anew, else it gives it back, and grants another one if move
-- allows jobs. Either grant is a claim of its own, with the fresh id. How says
-- how the claim ended, see lib/lane.lua.
local function end_claim(lane, now, more, conversation, changes, keep, how)
  local fresh, term, stay, move = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
  redis.call("HDEL", CLAIMS, ARGV[2])
  if more and stay > 0 then
    local granted = grant(lane, fresh, "0", now, term, stay, conversation, changes)
    if granted then
      return answer(granted, false, now)
    end
  end
  redis.call("HSET", KEYS[1] .. "c:" .. lane, "claim", how .. ARGV[2], "attempts", "0", unpack(changes))
  if more then
    redis.call("ZADD", KEYS[2], int(now), lane)
  else
    redis.call("ZREM", KEYS[2], lane)
  end
  if move > 0 then
    return claim_due(fresh, now, term, move, keep)
  end
  return answer(nil, more, now)
end

-- ended_before answers a step that is to end a claim which is not the lane's:
-- with the first answer, if the step ended it, else that the claim is stale.
local function ended_before(current, how)
  local now = clock()
  local granted = granted_before(ARGV[3], now, ARGV[4], math.max(tonumber(ARGV[5]), tonumber(ARGV[6])))
  if granted or current == how .. ARGV[2] then
    return answer(granted, not granted, now)
  end
  return { "stale" }
end
