-- commit_jobs ends claims of lanes of a shard: for each it stores the effects of
-- the first jobs, completes them and takes them out of the lane, unless the claim
-- is lost. All but the head pass through in_progress here, so nobody ever sees two
-- of them in progress. Then it claims the lanes that have been due longest.
--
-- KEYS[1..5]  see lib/jobs.lua
-- Built from KEYS[1]: b:, c:, claims:append, clock, done:, e:, endpoint:,
--   flight:, g:, i:, j:, jobs:, l:, m:, p:, q:, ready:deliver, s:, t:,
--   trouble:, x:, z:
-- ARGV[1]     id of the next claim, random
-- ARGV[2]     lease, in ms
-- ARGV[3]     how many lanes to grant at most, beside those that stay
-- ARGV[4]     how many jobs to grant in all
-- ARGV[5]     how long a job that is failed here is kept, in ms
-- ARGV[6]     of how many lanes claims are ended
-- ARGV[7]     how many claims these are, several lanes being under the same one
-- ARGV[8]     whose turn it is not, see claim_due in lib/jobs.lua
-- ARGV[9..]   their ids; then of each lane: its name, <account>:<conv>; id of the claim; how many
--             jobs the claim holds; how often the members were changed before the
--             speakers of the jobs were recognised; how many of its jobs to grant
--             next, 0 to leave it; how many jobs are committed; how many messages
--             of them are staged, and how many insights, see stage_effects, or ""
--             and ""; "1" if the members are, see stage_members, or ""; start and end of
--             the messages, name and metadata for the conversation, each may be "";
--             then of each job: id; "1" if it wants webhooks; of which statuses,
--             separated by commas, "" for all; how long it is kept, and how long ago
--             it was started and finished, in ms; when it was accepted; what is kept of it, with
--             whose findings these are; its entry in the list of completed jobs;
--             then three times a number n and n values: messages, insights, and
--             fields and values of the members
--
-- Returns a grant, see lib/jobs.lua, followed by a list with what became of each
-- lane: "c" if it is committed; "s" if its claim is lost; what a grant has of it,
-- if its members were edited meanwhile: the claim is held still, its speakers are
-- to be recognised anew; or why it cannot be committed because of what is stored.
-- The caller keeps the values of a call below a bound by staging.

local fresh, term, jobs, keep = ARGV[1], ARGV[2], tonumber(ARGV[4]), ARGV[5]
local at = 9 + ARGV[7] -- the argument to read next
local now = clock()

local LANE, JOB = 13, 9 -- how many arguments there are of a lane and of a job, without lists

-- pass_over goes to the argument behind those of the lane that begins there.
local function pass_over(from)
  at = from + LANE + JOB * ARGV[from + 5]
  for _ = 1, 3 do
    at = at + ARGV[at] + 1
  end
end

-- widen makes the span of a conversation cover messages from first to last, each
-- of which may be "".
local function widen(s, first, last)
  if first ~= "" and (string.sub(s.start, 1, 1) == "~" or tonumber(first) < tonumber(s.start)) then
    s.start = first
  end
  if last ~= "" and (s.stop == "" or tonumber(last) > tonumber(s.stop)) then
    s.stop = last
  end
end

-- put_members writes the fields of members that begin at the next argument, counts
-- those that are new, and returns whether there are any.
local function put_members(key, s)
  local n = tonumber(ARGV[at])
  for from = at + 1, at + n, 1000 do
    s.kept = int(s.kept + redis.call("HSET", key, unpack(ARGV, from, math.min(from + 999, at + n))))
  end
  at = at + n + 1
  return n > 0
end

-- complete completes the next job, the nth of its lane.
local function complete(owner, conversation, s, nth)
  local id, hook, chosen, kept_for, accepted = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 6]
  local deliver = owner .. id
  local job = KEYS[1] .. "j:" .. deliver
  local began, finished = s.started, now - ARGV[at + 5]
  if nth > 1 then -- through in_progress, in the same step
    began = now - ARGV[at + 4]
    start(deliver, hook, s.last, began, now, chosen)
  end
  local state = ended(COMPLETED, conversation, int(s.settled + nth), accepted, began, finished)
  if ARGV[at + 7] == "" then
    redis.call("HSET", job, "state", state)
  else
    redis.call("HSET", job, "state", state, "body", ARGV[at + 7])
  end
  list_completed(string.sub(owner, 1, -2), id, conversation, ARGV[at + 8])
  if s.carries then
    forget_body(deliver)
  end
  start_retention(deliver, hook, kept_for, "completed", chosen)
  announce(deliver, hook, "completed", finished, now, chosen)
  if hook ~= "" then
    s.last = id
  elseif s.last == "" then
    s.last = "-"
  end
  at = at + JOB
end

-- staged fails unless so many values are staged behind those of a list that count.
local function staged(key, count, values)
  if values == "0" then
    return
  end
  local there = redis.call("LLEN", key)
  if there < count + values then
    error("what was staged is gone", 0)
  end
  if there > count + values then
    cut(key, count + values)
  end
end

-- staged_members returns where members are staged that were changed under this claim. It
-- fails if they are gone.
local function staged_members(lane, s)
  local key = KEYS[1] .. "s:" .. lane
  if redis.call("HGET", key, "claim") ~= s.claim .. " " .. s.people then
    error("the members that were staged are gone", 0)
  end
  return key
end

-- show_members has those that are staged be the members of a lane.
local function show_members(lane, s, key)
  local people = KEYS[1] .. "p:" .. lane
  redis.call("HDEL", key, "claim")
  redis.call("UNLINK", people)
  redis.call("RENAME", key, people)
  redis.call("PERSIST", people)
  s.kept = int(redis.call("HLEN", people))
end

-- append puts the values that begin at the next argument behind those of a list that
-- count, and returns how many count then.
local function append(key, count)
  local first, n = at + 1, tonumber(ARGV[at])
  at = first + n
  if n == 0 then
    return count
  end
  local length = in_portions("RPUSH", key, ARGV, first, n)
  if length > count + n then -- an attempt was broken off that had staged some
    cut(key, tonumber(count))
    length = in_portions("RPUSH", key, ARGV, first, n)
  end
  return int(length)
end

-- take_details takes over what the lane that begins at the argument says of the
-- conversation. It returns other fields of it to write.
local function take_details(s, from)
  local others = {}
  widen(s, ARGV[from + 9], ARGV[from + 10])
  for n, field in ipairs({ "name", "metadata" }) do
    if ARGV[from + 10 + n] ~= "" then
      others[#others + 1] = field
      others[#others + 1] = ARGV[from + 10 + n]
    end
  end
  return others
end

-- commit commits the jobs of the lane that begins at the argument and is under the claim,
-- and returns whether the lane is due. What may be missing comes before all that changes
-- something.
local function commit(lane, s, from)
  local said, found, owner, count = KEYS[1] .. "m:" .. lane, KEYS[1] .. "i:" .. lane, account(lane), ARGV[from + 5]
  if ARGV[from + 6] ~= "" then
    staged(said, s.messages, ARGV[from + 6])
    staged(found, s.insights, ARGV[from + 7])
    s.messages, s.insights = int(s.messages + ARGV[from + 6]), int(s.insights + ARGV[from + 7])
  end
  local people = ARGV[from + 8] == "1" and staged_members(lane, s)
  local before = s.start
  local others = take_details(s, from)
  s.carries = tonumber(s.heavy) > tonumber(s.settled) -- whether a job may have a long body
  redis.call("LTRIM", KEYS[1] .. "q:" .. lane, count, "-1")
  at = from + LANE
  for n = 1, tonumber(count) do
    complete(owner, string.sub(lane, #owner + 1), s, n)
  end
  s.messages, s.insights = append(said, s.messages), append(found, s.insights)
  local revised = put_members(KEYS[1] .. "p:" .. lane, s)
  if s.start ~= before and "~" .. s.start ~= before then
    index(lane, s.start)
  end
  if people then
    show_members(lane, s, people)
  end
  if revised or people then
    s.people = int(s.people + 1)
  end
  s.settled = int(s.settled + count)
  local granted = #lanes
  local stay = room > 0 and math.min(tonumber(ARGV[from + 4]), jobs) or 0
  local due = leave(lane, s, fresh, now, term, stay, others, "-committed ")
  if #lanes > granted then
    jobs = jobs - #lanes[#lanes][5]
  end
  return due
end

-- end_lane ends the claim of the lane that begins at the argument. It returns what became
-- of the lane, and whether it is due.
local function end_lane(from)
  local lane, claim, held, version = unpack(ARGV, from, from + 3)
  local s = read_state(lane)
  if not s then
    return "s"
  end
  if s.claim == claim and s.people == version then
    return "c", commit(lane, s, from)
  end
  if s.claim == claim then
    return describe(lane, s, tonumber(held), now) or "s"
  end
  return s.claim == "-committed " .. claim and "c" or "s"
end

-- end_lanes ends all of them. It returns what became of each, the same in one
-- word, and whether one of them is due. Of a step that was made before the word is
-- known; it does nothing else than to grant what it granted then.
local function end_lanes(before)
  local results, letters, due = {}, {}, false
  for n = 1, tonumber(ARGV[6]) do
    local from, letter, ran, left = at, before and string.sub(before, n, n) or "", true, false
    results[n] = letter
    if letter == "" or letter == "o" then
      ran, results[n], left = pcall(end_lane, from)
      letter = ran and (type(results[n]) == "table" and "o" or results[n]) or "e"
    end
    if not ran then -- what is stored of the lane is damaged: that harms it alone
      results[n] = type(results[n]) == "table" and results[n].err or tostring(results[n])
    elseif letter == "e" then
      results[n] = "the lane could not be committed before"
    end
    pass_over(from)
    letters[n], due = letter, due or left
  end
  return results, table.concat(letters), due
end

redis.call("HDEL", CLAIMS, unpack(ARGV, 9, 8 + ARGV[7])) -- the first write, see lib/lane.lua
keep_clock()
local before = regrant(fresh, now, term)
local results, word, due = end_lanes(before)
if not before and tonumber(ARGV[3]) > 0 then
  write_ready(KEYS[2])
  due = claim_due(tonumber(ARGV[3]), fresh, now, term, jobs, keep, ARGV[8]) or due
end
local reply = answer(fresh, word, due and #lanes == 0, now)
reply[7] = results
return reply
