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
--             and ""; "1" if the members are, see stage_members, or ""; then of each job:
--             id; "1" if it wants webhooks; of which statuses, separated by commas,
--             "" for all; how long it is kept, and how long ago
--             it was started and finished, in ms; what is kept of it, with
--             whose findings these are; start and end of its messages, name and
--             metadata for the conversation, each may be ""; its entry in the list
--             of completed jobs; then three times a
--             number n and n values: messages, insights, and fields and values
--             of the members
--
-- Returns a grant, see lib/jobs.lua, followed by a list with what became of each
-- lane: "c" if it is committed; "s" if its claim is lost; what a grant has of it,
-- if its members were edited meanwhile: the claim is held still, its speakers are
-- to be recognised anew; or why it cannot be committed because of what is stored.
-- The caller keeps the values of a call below a bound by staging.

local fresh, term, jobs, keep = ARGV[1], ARGV[2], tonumber(ARGV[4]), ARGV[5]
local at = 9 + ARGV[7] -- the argument to read next
local now = clock()

-- gather adds the list of values that begins at the next argument.
local function gather(list)
  local n = tonumber(ARGV[at])
  for i = at + 1, at + n do
    list[#list + 1] = ARGV[i]
  end
  at = at + n + 1
end

-- pass_over goes to the argument behind the jobs of a lane.
local function pass_over(count)
  for _ = 1, count do
    at = at + 12
    for _ = 1, 3 do
      at = at + tonumber(ARGV[at]) + 1
    end
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

-- complete completes the next job, the nth of its lane, and adds what it brings
-- to the lists and to the other fields of the conversation. It returns whether it
-- changes members.
local function complete(owner, conversation, s, nth, others, messages, insights)
  local id, hook, chosen = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  at = at + 1
  local job, deliver = KEYS[1] .. "j:" .. owner .. id, owner .. id
  local began, finished = s.started, now - ARGV[at + 4]
  if nth > 1 then -- through in_progress, in the same step
    began = now - ARGV[at + 3]
    start(deliver, hook, s.last, began, now, chosen)
    began = int(began)
  end
  local fresh_fields
  local ended = int(finished)
  if ARGV[at + 5] == "" then
    fresh_fields = redis.call("HSET", job, "status", "completed", "started", began, "finished", ended) + 1
  else
    fresh_fields = redis.call("HSET", job, "status", "completed", "started", began, "finished", ended, "body", ARGV[at + 5])
  end
  list_completed(string.sub(owner, 1, -2), id, conversation, ARGV[at + 10])
  if fresh_fields > 3 then -- somebody else deleted the record
    redis.call("HSET", job, "conv", conversation, "sequence", int(s.settled + nth), "accepted", began)
  end
  if s.carries then
    forget_body(deliver)
  end
  start_retention(deliver, hook, ARGV[at + 2], "completed", chosen)
  announce(deliver, hook, "completed", finished, now, chosen)
  widen(s, ARGV[at + 6], ARGV[at + 7])
  if ARGV[at + 8] ~= "" then
    others[#others + 1] = "name"
    others[#others + 1] = ARGV[at + 8]
  end
  if ARGV[at + 9] ~= "" then
    others[#others + 1] = "metadata"
    others[#others + 1] = ARGV[at + 9]
  end
  at = at + 11
  gather(messages)
  gather(insights)
  if hook ~= "" then
    s.last = id
  elseif s.last == "" then
    s.last = "-"
  end
  return put_members(KEYS[1] .. "p:" .. owner .. conversation, s)
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

-- append puts values behind those of a list that count, and returns how many
-- count then.
local function append(key, count, values)
  if not values[1] then
    return count
  end
  local length = in_portions("RPUSH", key, values)
  if length > count + #values then -- an attempt was broken off that had staged some
    cut(key, tonumber(count))
    length = in_portions("RPUSH", key, values)
  end
  return int(length)
end

-- commit commits the jobs of a lane that is under the claim, and returns whether
-- the lane is due. What may be missing comes before all that changes something.
local function commit(lane, s, stay, count)
  local said, found = KEYS[1] .. "m:" .. lane, KEYS[1] .. "i:" .. lane
  if ARGV[at] ~= "" then
    staged(said, s.messages, ARGV[at])
    staged(found, s.insights, ARGV[at + 1])
    s.messages, s.insights = int(s.messages + ARGV[at]), int(s.insights + ARGV[at + 1])
  end
  local people = ARGV[at + 2] == "1" and staged_members(lane, s)
  at = at + 3
  local others, messages, insights, revised = {}, {}, {}, false
  local begin, owner = string.match(s.start, "-?%d*$"), account(lane)
  s.carries = tonumber(s.heavy) > tonumber(s.settled) -- whether a job may have a long body
  redis.call("LTRIM", KEYS[1] .. "q:" .. lane, ARGV[at - 4], "-1") -- the count, as text
  for n = 1, count do
    revised = complete(owner, string.sub(lane, #owner + 1), s, n, others, messages, insights) or revised
  end
  s.messages, s.insights = append(said, s.messages, messages), append(found, s.insights, insights)
  if string.match(s.start, "-?%d*$") ~= begin then
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
  local due = leave(lane, s, fresh, now, term, room > 0 and math.min(stay, jobs) or 0, others, "-committed ")
  if #lanes > granted then
    jobs = jobs - #lanes[#lanes][5]
  end
  return due
end

-- end_lane ends the claim of the next lane. It returns what became of the lane,
-- and whether it is due.
local function end_lane()
  local lane, claim, held, version, stay, count = unpack(ARGV, at, at + 5)
  at = at + 6
  local s = read_state(lane)
  if not s then
    return "s"
  end
  if s.claim == claim and s.people == version then
    return "c", commit(lane, s, tonumber(stay), tonumber(count))
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
      ran, results[n], left = pcall(end_lane)
      letter = ran and (type(results[n]) == "table" and "o" or results[n]) or "e"
    end
    if not ran then -- what is stored of the lane is damaged: that harms it alone
      results[n] = type(results[n]) == "table" and results[n].err or tostring(results[n])
    elseif letter == "e" then
      results[n] = "the lane could not be committed before"
    end
    at = from + 9
    pass_over(tonumber(ARGV[from + 5]))
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
