-- accept_jobs takes several requests to accept a job in a shard at once. Each job
-- gets its number in its conversation and its place in the lane. That step is its
-- arrival.
--
-- A request on a lane with a damaged key concerns no other: if it is not alone
-- nothing becomes of it, and it is to be made again, alone, to fail.
--
-- KEYS[1..5]  see lib/jobs.lua
-- Built from KEYS[1]: b:, c:, claims:append, clock, e:, endpoint:, flight:,
--   g:, j:, jobs:, l:, p:, q:, ready:deliver, x:
-- ARGV[1]     lease, in ms
-- ARGV[2..14] of the first request, and so on for each further one:
--             the append lane, <account>:<conv>;
--             job id;
--             body of the job, as doc.go describes it;
--             what is kept of it as long as the job, or "";
--             id of the endpoint of its webhooks, or "" if the caller wants none;
--             the statuses of which it wants them, separated by commas; "" for all;
--             how many unfinished jobs the conversation may have; 0 for any number;
--             id of a claim, random, if the caller can work the job at once; or "";
--             "1" to make the conversation;
--             when one that is made begins, if its messages say so; "" for now;
--             its name, or "";
--             its metadata as a JSON object, or "";
--             "1" if the long part of the body is in b: already; or ""
--
-- Returns {"accepted", reply, ...}, for each request {"taken"}, {"unknown"}, {"full"},
-- {"alone"}, or, if the job is accepted, now or before, a grant, see lib/jobs.lua,
-- of its lane or of none.

local WIDTH = 13
local term = ARGV[1]
local now = clock()
local NOW = int(now)
local arrived, due = false, false -- whether a job arrived, and whether a lane became due
local notes = {} -- claims and what is noted of them, see answer in lib/jobs.lua

-- granted returns the grant of a claim: of the lane that was granted, or of none.
local function granted(claim)
  if lanes[1] then
    notes[#notes + 1] = claim
    notes[#notes + 1] = " " .. lanes[1][1] .. "/1"
  end
  return { "granted", claim, NOW, 0, 0, lanes }
end

-- create makes a conversation and returns the state of its lane.
local function create(lane, owner, begin, name, metadata)
  if begin == "" then
    begin = NOW
  end
  if name .. metadata ~= "" then
    redis.call("HSET", KEYS[1] .. "c:" .. lane, "name", name, "metadata", metadata)
  end
  redis.call("ZADD", KEYS[1] .. "x:" .. owner, begin, string.sub(lane, #owner + 2))
  return {
    claim = "", attempts = "0", accepted = "0", settled = "0", started = "", start = "~" .. begin, stop = "", last = "",
    people = "0", messages = "0", insights = "0", heavy = "0", created = NOW, kept = "0",
  }
end

-- accept answers the request that begins at ARGV[r]. What may fail for what a key
-- holds comes before all that counts.
local function accept(r)
  local lane, id, body, hook, chosen, claim = ARGV[r], ARGV[r + 1], ARGV[r + 2], ARGV[r + 4], ARGV[r + 5], ARGV[r + 7]
  local owner = string.sub(lane, 1, string.find(lane, ":", 1, true) - 1)
  local deliver = owner .. ":" .. id
  local job, deleted = KEYS[1] .. "j:" .. deliver, KEYS[1] .. "g:" .. lane
  local there = redis.call("EXISTS", job, deleted) -- most often neither is
  if there > 0 and redis.call("EXISTS", job) == 1 then
    if claim ~= "" then
      regrant(claim, now, term)
    end
    return granted(claim)
  end
  local s = read_state(lane)
  if ARGV[r + 8] == "1" then
    if s or there > 0 then
      return { "taken" }
    end
    s = create(lane, owner, ARGV[r + 9], ARGV[r + 10], ARGV[r + 11])
  elseif not s then
    return { "unknown" }
  end
  local waiting, limit = s.accepted - s.settled, tonumber(ARGV[r + 6])
  if limit > 0 and waiting >= limit then
    return { "full" }
  end
  local at_once = waiting == 0 and claim ~= ""
  local told = hook ~= "" and (wants(chosen, "in_progress") and "1" or NO_BEGIN) or ""
  local text = id .. " " .. NOW .. " " .. told .. "\n" .. body
  local members = at_once and s.last ~= "" and known(KEYS[1] .. "p:" .. lane, text) or {}
  s.accepted = int(s.accepted + 1)
  if ARGV[r + 12] ~= "" then
    redis.call("PERSIST", KEYS[1] .. "b:" .. deliver)
  end
  if #body > LIGHT or ARGV[r + 12] ~= "" then
    s.heavy = s.accepted
  end
  if at_once then
    s.claim, s.attempts, s.started = claim, "0", NOW
  end
  redis.call("RPUSH", KEYS[1] .. "q:" .. lane, text)
  write_state(lane, s)
  local conversation = string.sub(lane, #owner + 2)
  local kept = { "state", SCHEDULED .. " " .. conversation .. " " .. s.accepted .. " " .. NOW }
  if ARGV[r + 3] ~= "" then
    kept[3], kept[4] = "body", ARGV[r + 3]
  end
  if hook ~= "" then
    kept[#kept + 1], kept[#kept + 2] = "hook", hook
  end
  if chosen ~= "" then
    kept[#kept + 1], kept[#kept + 2] = "told", chosen
  end
  redis.call("HSET", job, unpack(kept)) -- small values, which Redis packs
  list_job(owner, id, conversation, at_once and IN_PROGRESS or SCHEDULED, NOW)
  announce(deliver, hook, "scheduled", now, now, chosen)
  if waiting == 0 then
    due_at(KEYS[2], lane, at_once and now + term or now)
  end
  if at_once then
    start(deliver, hook, s.last, now, now, chosen)
    lanes = { { lane, 1, s.stop, s.people, { { id, s.accepted, NOW, text, members } }, s.kept } }
  end
  arrived, due = true, due or waiting == 0 and not at_once
  return granted(claim)
end

-- answer_each answers each request. One that is alone fails with what Redis says.
local function answer_each()
  if #ARGV == WIDTH + 1 then
    return { "accepted", accept(2) }
  end
  local replies = { "accepted" }
  for r = 2, #ARGV, WIDTH do
    lanes, room = {}, ROOM
    local ran, reply = pcall(accept, r)
    replies[#replies + 1] = ran and reply or { "alone" }
  end
  return replies
end

-- answer_all answers all requests together. It is a function because the Lua of
-- miniredis does not show the script itself what functions assign after a pcall
-- that failed.
local function answer_all()
  local replies = answer_each()
  if arrived then
    keep_clock()
  end
  write_listed()
  write_ready(KEYS[2])
  pushed()
  if notes[1] then
    redis.call("HSET", CLAIMS, unpack(notes))
  end
  for n = 2, #replies do
    if replies[n][1] == "granted" then -- who is to ring for all
      replies[n][4], replies[n][5] = ring(KEYS[3], due, now), ring(KEYS[5], pushed(), now)
      break
    end
  end
  return replies
end

return answer_all()
