-- jobs is put, after lane and state, in front of the scripts that grant jobs.
--
-- They share their first keys:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:append     sorted set, see lib/lane.lua
-- KEYS[3]  tw:{s}:bell:append      string, until when a ring is on its way
-- KEYS[4]  tw:{s}:ready:deliver    sorted set, see lib/lane.lua
-- KEYS[5]  tw:{s}:bell:deliver     string, as KEYS[3]
--
-- Which lane is granted, and which jobs stand in it, only the script can know.
-- From the prefix it builds claims:append, c:, q:, p: and g: of the lane, j:
-- and e: of its jobs, and x: and z: of its account, as doc.go describes them.
--
-- A grant is the reply {"granted", claim, now, ring append, ring deliver,
-- lanes}, all of which are under that claim: each {lane, attempt, end of the
-- conversation or "", how often the members were changed, jobs, how many fields
-- there are of members}, each job {id,
-- sequence, accepted, what stands in the lane for it, known}, known being
-- {speaker's key, member, ...}; instead of a member that was told already stands
-- the number of that pair, from 1. Known is {"?"} if there are more speakers than a step
-- looks up: the store reads their members then. A grant may have no lanes. Each lane has
-- its own fence, attempts and lease: the claim is in its state, and the deadline is its
-- score in the ready index.
-- Used by:
--   CLAIMS: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job
--   account: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   announce: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   answer: claim_jobs, commit_jobs, fail_job
--   claim_due: claim_jobs, commit_jobs
--   describe: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   ended: claim_jobs, commit_jobs, delete_conversation, fail_job, steer_lane
--   entries: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   entry: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   fail_deleted: claim_jobs, commit_jobs, delete_conversation
--   fail_head: fail_job, steer_lane
--   fail_unworked: claim_jobs, commit_jobs, delete_conversation
--   forget_body: claim_jobs, commit_jobs, delete_conversation
--   forget_payloads: delete_conversation
--   front: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   grant: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   index: commit_jobs
--   is_held: steer_lane
--   keep_payload: fail_job, steer_lane
--   known: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   leave: commit_jobs, fail_job, steer_lane
--   line_of: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   members_of: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   next_accounts: claim_jobs, commit_jobs
--   read_state: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   regrant: accept_jobs, claim_jobs, commit_jobs, fail_job
--   repair: claim_jobs, commit_jobs
--   size: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   start: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane
--   start_retention: claim_jobs, commit_jobs, delete_conversation, fail_job,
--       steer_lane
--   take_lane: claim_jobs, commit_jobs
--   trouble: fail_job
--   unit_of: claim_jobs, commit_jobs
--   untroubled: commit_jobs, delete_conversation, fail_job, steer_lane
--   wants: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   write_state: accept_jobs, claim_jobs, commit_jobs, fail_job, steer_lane

local CLAIMS = KEYS[1] .. "claims:append"
local DAY = 86400000 -- ms

-- ROOM is how many bytes of bodies and members a grant has before it ends: the body that
-- goes beyond is its last one. So a step copies little, and no worker gets text
-- that it has no time for.
local ROOM = 262144

-- LARGE is how long a body may be that is granted behind another one: about as much
-- text as a worker begins then.
local LARGE = 163840

local lanes = {} -- granted by this step
local room = ROOM -- what is left of it

local found_by_line = {} -- what known found, by the line of speakers

-- members_of returns the members with those ids, one of whom each may be false: for a
-- member who was merged the one who remains.
local function members_of(people, ids)
  local fields, members = {}, {}
  for _, id in ipairs(ids) do
    if id and not members[id] then
      members[id] = true
      fields[#fields + 1] = "m:" .. id
    end
  end
  for n, member in ipairs(fields[1] and redis.call("HMGET", people, unpack(fields)) or {}) do
    local id = string.sub(fields[n], 3)
    members[id] = member or redis.call("HGET", people, "m:" .. (redis.call("HGET", people, "a:" .. id) or ""))
  end
  return members
end

-- line_of returns the nth line of a text, or nil if there is nothing so far behind.
local function line_of(text, n)
  local from = 1
  for _ = 2, n do
    local line_end = string.find(text, "\n", from, true)
    if not line_end or line_end == #text then
      return nil
    end
    from = line_end + 1
  end
  return string.sub(text, from, (string.find(text, "\n", from, true) or #text + 1) - 1)
end

local looked_up = 4096 -- for how many bytes of speakers a step looks members up at most

-- known finds the members whom the speakers of a body may be. Of a text that
-- cannot be read there are none; who gets the job finds that out.
local function known(people, text)
  local line = line_of(text, 4)
  if not line or line == "[]" or found_by_line[line] then
    return line and found_by_line[line] or {}
  end
  if #line > looked_up then
    return { "?" }
  end
  looked_up = looked_up - #line
  local readable, keys = pcall(cjson.decode, line)
  if not readable or type(keys) ~= "table" or type(keys[1]) ~= "string" then
    return {}
  end
  local ids = redis.call("HMGET", people, unpack(keys))
  local found, members, told = {}, members_of(people, ids), {}
  for n, key in ipairs(keys) do
    local id = ids[n]
    if id and members[id] then
      found[#found + 1] = key
      found[#found + 1] = told[id] or members[id]
      told[id] = told[id] or int(#found / 2)
    end
  end
  found_by_line[line] = found
  return found
end

-- NO_BEGIN stands in a lane, in place of "1", for a job that wants webhooks, but none
-- of its beginning.
local NO_BEGIN = "2"

-- wants reports whether a status is among those that a job wants webhooks of: chosen
-- names them, or is nil or "" for all.
local function wants(chosen, status)
  return not chosen or chosen == "" or string.find(chosen, status, 1, true) ~= nil
end

-- announce pushes the event that a job has changed its status, if it wants webhooks
-- of that: hook is the id of their endpoint then, or "1". One that it does not want has
-- its number all the same.
local function announce(owner, hook, status, at, now, chosen)
  if not hook or hook == "" then
    return
  end
  if wants(chosen, status) then
    push_event(owner, hook, status, at, now)
  else
    redis.call("HINCRBY", KEYS[1] .. "j:" .. owner, "events", 1)
  end
end

-- start tells that a job is in progress, once, noting the job before it: its last
-- event goes first, see lib/events.lua. Jobs that want no webhooks are passed over,
-- or they would break the chain.
local function start(owner, hook, last, at, now, chosen)
  if hook ~= "" and last ~= "" and last ~= "-" then
    redis.call("HSET", KEYS[1] .. "j:" .. owner, "after", last)
  end
  announce(owner, hook, "in_progress", at, now, chosen)
end

-- ended returns the field state of a job that is final, see doc.go. Accepted and started
-- are texts, or numbers; started is "" if it never was.
local function ended(status, conversation, sequence, accepted, started, finished)
  return status .. " " .. conversation .. " " .. sequence .. " " .. accepted .. " "
    .. (started == "" and "-" or int(started - accepted)) .. " " .. int(finished - accepted)
end

-- start_retention begins the retention of a job that is final, with that status. One with
-- events is kept until the last of them is settled: settle_events starts its retention
-- then. It is called before that status is announced.
local function start_retention(owner, hook, keep, status, chosen)
  local told = hook and hook ~= ""
  if told and (wants(chosen, status) or redis.call("EXISTS", KEYS[1] .. "e:" .. owner) == 1) then
    return
  end
  redis.call("PEXPIRE", KEYS[1] .. "j:" .. owner, keep)
  if told then
    redis.call("PEXPIRE", KEYS[1] .. "t:" .. owner, keep)
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

-- read_state returns the state of a lane, or nil if its conversation is not there.
local function read_state(lane)
  local packed = redis.call("GET", KEYS[1] .. "l:" .. lane)
  return packed and unpack_state(packed)
end

-- entry returns what stands in a lane for a job: its id, when it was accepted,
-- and "1" or NO_BEGIN if it wants webhooks, or "". Its body is not cut off, because that copies
-- it.
local function entry(text)
  return string.match(text or "", "^(%S+) (%d*) (%d?)\n")
end

-- size returns how long the body is of which that stands in a lane.
local function size(text)
  return #text + (string.match(string.sub(text, -12), "\n@(%d+)$") or 0)
end

-- forget_body takes the long part of a job's body away, if there is one.
local function forget_body(owner)
  redis.call("UNLINK", KEYS[1] .. "b:" .. owner)
end

local MOST_KEPT = 1000 -- jobs of a conversation whose bodies are kept when they have failed

-- keep_payload keeps the body of a job that has failed, to be sent again, for as long as
-- the job. Those of a conversation are in one place, so that they go with it.
local function keep_payload(lane, id, text, keep)
  local kept, long = KEYS[1] .. "k:" .. lane, KEYS[1] .. "b:" .. account(lane) .. id
  if not text or redis.call("HLEN", kept) >= MOST_KEPT then
    redis.call("UNLINK", long)
    return
  end
  redis.call("HSET", kept, id, text)
  redis.call("PEXPIRE", kept, keep)
  redis.call("PEXPIRE", long, keep)
end

-- forget_payloads takes what keep_payload kept of a conversation away.
local function forget_payloads(lane)
  local kept, keys = KEYS[1] .. "k:" .. lane, {}
  for n, id in ipairs(redis.call("HKEYS", kept)) do
    keys[n] = KEYS[1] .. "b:" .. account(lane) .. id
  end
  redis.call("UNLINK", kept, unpack(keys))
end

-- trouble notes that a lane is in trouble since now, or, with how being "NX", since it was.
local function trouble(lane, now, how)
  redis.call("ZADD", KEYS[1] .. "trouble:" .. string.match(lane, "^[^:]*"), how or "CH", int(now), lane)
end

-- untroubled notes that a lane is in no trouble any more.
local function untroubled(lane)
  redis.call("ZREM", KEYS[1] .. "trouble:" .. string.match(lane, "^[^:]*"), lane)
end

-- is_held reports whether a lane is held: it is not due until somebody steers it.
local function is_held(s)
  return string.sub(s.claim, 1, 6) == "-held "
end

local LAST = { "0", "1", "2", "3" } -- index of the last of so many, as text

-- entries returns what stands for the first jobs of a lane, so many at most, as far
-- as there is room. Those in the lane are short, or one at least is not: then each
-- is read by itself, because nobody knows which. What is so large that a worker
-- does not begin it under a claim with others in front is left for the next one.
local function entries(lane, s, most)
  local queue, all, left = KEYS[1] .. "q:" .. lane, {}, room
  most = math.min(most, s.accepted - s.settled)
  if most < 1 then
    return all
  end
  if tonumber(s.heavy) <= tonumber(s.settled) then
    most = math.max(math.min(most, math.ceil(room / LIGHT)), 1)
    return redis.call("LRANGE", queue, "0", LAST[most] or most - 1)
  end
  for n = 1, most do
    local text = redis.call("LINDEX", queue, n - 1)
    if not text or n > 1 and size(text) > LARGE then
      break
    end
    all[n], left = text, left - size(text)
    if left <= 0 then
      break
    end
  end
  return all
end

-- front returns the jobs at the front of a lane, as far as there is room for them,
-- and moves the head to in_progress.
local function front(lane, s, most, now)
  local jobs, owner, people = {}, account(lane), s.last ~= "" and KEYS[1] .. "p:" .. lane
  for n, text in ipairs(entries(lane, s, most)) do
    if n > 1 and room <= 0 then
      break
    end
    local id, accepted, hook = entry(text)
    if not id then
      break
    end
    if n == 1 and s.started == "" then
      s.started = int(now)
      start(owner .. id, hook, s.last, now, now, hook == NO_BEGIN and hook)
      list_job(string.sub(owner, 1, -2), id, string.sub(lane, #owner + 1), IN_PROGRESS, s.started)
    end
    local members = people and known(people, text) or {}
    for i = 2, #members, 2 do
      room = room - #members[i]
    end
    room = room - size(text)
    jobs[n] = { id, s.settled + n, accepted, text, members }
  end
  return jobs
end

-- describe returns what a grant says of a lane, or nil if it has no jobs, which
-- needs mending. If attempts have ended without effect the head is granted alone,
-- so that they are counted for the job that deserves it.
local function describe(lane, s, most, now)
  if s.attempts ~= "0" then
    most = 1
  end
  local jobs = front(lane, s, most, now)
  if not jobs[1] then
    return nil
  end
  return { lane, tried(s.attempts) + 1, s.stop, s.people, jobs, s.kept }
end

-- write_state writes the state, and other fields of the conversation.
local function write_state(lane, s, others)
  redis.call("SET", KEYS[1] .. "l:" .. lane, pack_state(s))
  if others and others[1] then
    redis.call("HSET", KEYS[1] .. "c:" .. lane, unpack(others))
  end
end

-- grant puts the lane under the claim, adds it to the grant of this step and
-- returns how many jobs of it are granted, or nil if it has none. Others are other
-- fields of the conversation to write.
local function grant(lane, s, claim, now, term, most, others)
  local granted = describe(lane, s, most, now)
  if not granted then
    return nil
  end
  s.claim = claim
  write_state(lane, s, others)
  due_at(KEYS[2], lane, now + term)
  lanes[#lanes + 1] = granted
  return #granted[5]
end

-- regrant makes the grant of a claim once more whose caller has not heard of
-- it. It returns the results that were kept with it, or nil if there was no such
-- grant. Lanes that are no longer under the claim are left out.
local function regrant(claim, now, term)
  local kept = redis.call("HGET", CLAIMS, claim)
  if not kept then
    return nil
  end
  even_if_full(KEYS[2])
  for lane, most in string.gmatch(kept, " (%S+)/(%d+)") do
    local s = read_state(lane)
    if s and s.claim == claim then
      grant(lane, s, claim, now, term, tonumber(most))
    end
  end
  if #lanes == 0 then
    redis.call("HDEL", CLAIMS, claim) -- their conversations were deleted, or others have them
  end
  return string.match(kept, "^%S*")
end

-- answer ends the step: it writes what is new to the ready indexes, notes what was
-- granted under the claim, with the results of the step, and returns the grant.
-- More says whether the bell is to be rung for other lanes. The note is "<results>
-- <lane>/<jobs> ...": for who asks again under that claim.
local function answer(claim, results, more, now)
  write_listed()
  place_accounts(KEYS[2], now)
  pushed()
  if #lanes > 0 then
    local names = { results }
    for n, granted in ipairs(lanes) do
      names[n + 1] = granted[1] .. "/" .. #granted[5]
    end
    redis.call("HSET", CLAIMS, claim, table.concat(names, " "))
  end
  return { "granted", claim, int(now), ring(KEYS[3], more, now), ring(KEYS[5], pushed(), now), lanes }
end

-- fail_unworked makes a job of a lane failed that nobody will work, and says so.
local function fail_unworked(lane, id, message, now, keep)
  local owner = account(lane) .. id
  local job = KEYS[1] .. "j:" .. owner
  local kept = redis.call("HMGET", job, "hook", "state", "told")
  local conversation, sequence, accepted, after = string.match(kept[2] or "", "^%d (%S+) (%d+) (%d+) ?(%d*)$")
  if not conversation then -- the record was gone
    conversation, sequence, accepted, after = string.sub(lane, #account(lane) + 1), "0", int(now), ""
  end
  local started = after ~= "" and accepted + after or ""
  redis.call("HSET", job, "state", ended(FAILED, conversation, sequence, accepted, started, now), "message", message)
  list_job(string.match(lane, "^[^:]*"), id, string.match(lane, "[^:]*$"), FAILED, int(now))
  forget_body(owner)
  start_retention(owner, kept[1], math.max(tonumber(keep), DAY), "failed", kept[3])
  announce(owner, kept[1], "failed", now, now, kept[3])
end

local to_fail = 50 -- how many jobs of deleted conversations this step may fail

-- fail_deleted fails the jobs of a lane whose conversation was deleted: as many as one
-- step may. If some are left the lane is due at once, and it returns true.
local function fail_deleted(lane, now, keep)
  local queue, deleted = KEYS[1] .. "q:" .. lane, KEYS[1] .. "g:" .. lane
  local message = "the conversation was deleted"
  if redis.call("EXISTS", deleted) == 0 then
    message = "the conversation is no longer stored"
  end
  while to_fail > 0 do
    local text = redis.call("LPOP", queue)
    if not text then
      break
    end
    fail_unworked(lane, entry(text) or "", message, now, keep)
    to_fail = to_fail - 1 - math.floor(#text / LIGHT) -- which it costs to read
  end
  if redis.call("EXISTS", queue) == 1 then
    due_at(KEYS[2], lane, now)
    return true
  end
  redis.call("DEL", deleted)
  not_due(KEYS[2], lane)
  return false
end

-- repair ends the trouble of a lane that has nothing to grant, because somebody
-- else deleted keys: its head cannot be read, or it has no list. It returns the
-- job that it failed, or "".
local function repair(lane, now, keep)
  local queue, state, others = KEYS[1] .. "q:" .. lane, read_state(lane), {}
  local head = redis.call("LPOP", queue)
  local id = string.match(head or "", "^%S*")
  if head then
    state.settled = int(state.settled + 1)
    others = { "failed", state.settled }
    fail_unworked(lane, id, "the job is no longer stored", now, keep)
  end
  state.claim, state.attempts, state.started = "", "0", ""
  if redis.call("EXISTS", queue) == 1 then
    due_at(KEYS[2], lane, now)
  else
    state.settled = state.accepted
    not_due(KEYS[2], lane)
  end
  write_state(lane, state, others)
  return id
end

-- fail_head makes the head of a lane failed and takes it out. Who calls it leaves the
-- lane then, noting that the job has failed.
local function fail_head(lane, s, id, message, now, keep)
  local owner, queue = account(lane) .. id, KEYS[1] .. "q:" .. lane
  keep_payload(lane, id, redis.call("LINDEX", queue, "0"), keep)
  redis.call("LTRIM", queue, 1, -1)
  local job = KEYS[1] .. "j:" .. owner
  local hook, chosen, state = unpack(redis.call("HMGET", job, "hook", "told", "state"))
  local accepted = string.match(state or "", "^%d %S+ %d+ (%d+)") or s.started
  local conversation, sequence = string.match(lane, "[^:]*$"), int(s.settled + 1)
  redis.call("HSET", job, "state", ended(FAILED, conversation, sequence, accepted, s.started, now), "message", message)
  list_job(string.match(lane, "^[^:]*"), id, string.match(lane, "[^:]*$"), FAILED, int(now))
  start_retention(owner, hook, keep, "failed", chosen)
  announce(owner, hook, "failed", now, now, chosen)
  if hook then
    s.last = id
  elseif s.last == "" then
    s.last = "-"
  end
  cut(KEYS[1] .. "m:" .. lane, tonumber(s.messages)) -- what its attempts may have staged
  cut(KEYS[1] .. "i:" .. lane, tonumber(s.insights))
  s.settled = int(s.settled + 1)
end

-- leave ends a claim of a lane whose head has left it, and writes its state and
-- other fields of the conversation. If more jobs stand in the lane it is granted
-- anew, with so many jobs as stay allows, or is due. It returns whether it is due.
local function leave(lane, s, fresh, now, term, stay, others, how)
  local claim, more = s.claim, s.accepted ~= s.settled
  if s.attempts ~= "0" then
    untroubled(lane)
  end
  s.attempts, s.started = "0", ""
  if more and stay > 0 and grant(lane, s, fresh, now, term, stay, others) then
    return false
  end
  s.claim = how .. claim
  write_state(lane, s, others)
  if more then
    due_at(KEYS[2], lane, now)
  else
    not_due(KEYS[2], lane)
  end
  return more
end

-- take_lane grants a lane that is due since then, at most so many jobs of it.
-- It returns how many, or nil and why it grants none: "gone" if there is no work
-- in the lane any more, "left" if there is for claim_jobs, which passes its
-- arguments as own; then what claim_jobs is to answer.
local function take_lane(lane, since, claim, now, term, most, keep, own)
  local s = read_state(lane)
  if not s then
    return nil, fail_deleted(lane, now, keep) and "left" or "gone"
  end
  local lapsed = holder(s.claim)
  if s.attempts ~= "0" and #lanes > 0 then
    return nil, "left" -- what may have killed its worker is worked alone
  end
  if lapsed and not own then
    return nil, "left"
  end
  if lapsed and lapsed ~= own.judged then
    return nil, "left", { "lapsed", lane, lapsed, since, s.attempts, int(now) }
  end
  if lapsed and own.attempts == "" then
    due_at(KEYS[2], lane, now + own.later)
    return nil, "gone"
  end
  if lapsed then
    redis.call("HDEL", CLAIMS, lapsed)
    s.attempts = own.attempts
  end
  local count = grant(lane, s, claim, now, term, most)
  if count then
    return s.attempts == "0" and count or most
  end
  if own and #lanes == 0 then
    local id = repair(lane, now, keep)
    return nil, "left", { "mended", lane, id, ring(KEYS[3], true, now), ring(KEYS[5], pushed(), now) }
  end
  return nil, "left"
end

-- next_accounts returns accounts whose turn it is, one more than so many at most, but
-- none that is to be passed over.
local function next_accounts(count, now, turns)
  if turns == "" then
    return due_accounts(KEYS[2], now, count + 1)
  end
  local all = {}
  for _, owner in ipairs(due_accounts(KEYS[2], now, count + 64)) do
    if #all <= count and not string.find(turns, " " .. owner .. " ", 1, true) then
      all[#all + 1] = owner
    end
  end
  return all
end

-- unit_of returns how many lanes of a step an account has that weighs 1.
local function unit_of(accounts, count, turns)
  local all = 0
  for _, owner in ipairs(accounts) do
    all = all + weight_of(owner, turns)
  end
  return math.max(math.floor(count / all), 1)
end

-- claim_due grants append lanes that are due, so many at most with so many jobs in
-- all. Accounts take turns: each has a part of the step by its weight, and of its
-- lanes those that have been due longest. Whose part is cut because it came after others
-- keeps its place, and is the first one of the next step. Turns are, each between blanks,
-- accounts to pass over and "<account>=<weight>" of those that do not weigh 1. It returns
-- whether lanes that are due are left, and what claim_jobs is to answer instead of a
-- grant, if anything. A lane that makes it fail is left alone, unless it is the first
-- one: then the step fails.
local function claim_due(count, claim, now, term, jobs, keep, turns, own)
  local accounts = next_accounts(count, now, turns)
  local unit, more, left = unit_of(accounts, count, turns), accounts[count + 1] ~= nil, count
  for n, owner in ipairs(accounts) do
    local part = unit * weight_of(owner, turns)
    local most = math.min(part, left)
    if most < 1 then
      return true
    end
    local due = due_lanes(KEYS[2], owner, now, most + 1)
    for i = 1, 2 * most, 2 do
      if not due[i] then
        break
      end
      if jobs <= 0 or room <= 0 then
        if i > 1 then -- its own lanes have filled the step
          take_turn(KEYS[2], owner, n)
        end
        return true
      end
      local ran, granted, why, instead = pcall(take_lane, due[i], due[i + 1], claim, now, term, jobs, keep, own)
      if not ran and #lanes == 0 and own then
        error(granted)
      end
      if not ran or not granted and why == "left" then
        return true, instead
      end
      jobs, left = jobs - (granted or 0), left - 1
    end
    if n > 1 and most < part and due[2 * most + 1] then
      touch(KEYS[2], owner)
    else
      take_turn(KEYS[2], owner, n)
    end
    more = more or due[2 * most + 1] ~= nil
  end
  return more
end
