-- commit_jobs stores the effects of the first jobs of a lane, completes them
-- and takes them out of it, unless the claim is lost. All but the head pass
-- through in_progress here, so nobody ever sees two of them in progress.
--
-- KEYS[1..5]  see lib/jobs.lua
-- KEYS[6]     tw:{s}:q:<lane>  list, ids of its jobs, oldest first
-- KEYS[7]     tw:{s}:c:<lane>  hash, the conversation and the state of its lane
-- KEYS[8]     tw:{s}:p:<lane>  hash, its members and who they are known as
-- KEYS[9]     tw:{s}:m:<lane>  list, its messages
-- KEYS[10]    tw:{s}:i:<lane>  list, its insights
-- Built from KEYS[1]: c:, claims:append, clock, e:, g:, j:, p:, q:, x:, z:
-- ARGV[1]     the lane, <account>:<conv>
-- ARGV[2]     id of the claim
-- ARGV[3]     id of the next claim, random
-- ARGV[4]     lease, in ms
-- ARGV[5]     how many jobs of the same lane to grant; 0 to give it back
-- ARGV[6]     else how many jobs of another lane; 0 for none
-- ARGV[7]     how long a job that is failed here is kept, in ms
-- ARGV[8]     how many jobs the claim holds
-- ARGV[9]     how often the members were changed before the speakers of the
--             jobs were recognised
-- ARGV[10]    how many jobs are committed
-- ARGV[11..]  of each: id; "1" if it wants webhooks; how long it is kept, and
--             how long ago it was started and finished, in ms; what is left of
--             its body, with whose findings these are; start and end of its
--             messages, name and metadata for the conversation, each may be "";
--             then three times a number n and n values: messages, insights,
--             and fields and values of the members
--
-- Returns {"stale"}; a grant, see lib/jobs.lua; or {"outdated", ...}, followed
-- by what a grant has, if the members were edited meanwhile: the claim is held
-- still, its speakers are to be recognised anew.

local count = tonumber(ARGV[10])
local conversation = redis.call("HMGET", KEYS[7], "claim", "start", "end", "settled", "messages", "accepted", "last",
  "begin", "people")
if conversation[1] ~= ARGV[2] then
  return ended_before(conversation[1], "-committed ")
end
if (conversation[9] or "0") ~= ARGV[9] then
  local held = granted_before(ARGV[2], clock(), ARGV[4], tonumber(ARGV[8]))
  if held then
    held[1] = "outdated"
    return held
  end
end
local settled = tonumber(conversation[4] or 0) + count
local at = 11 -- the argument to read next

-- gather adds the list of values that begins at the next argument.
local function gather(list)
  local n = tonumber(ARGV[at])
  for i = at + 1, at + n do
    list[#list + 1] = ARGV[i]
  end
  at = at + n + 1
end

redis.call("LPOP", KEYS[6], count)
local now = clock()
keep_clock()
local from, to = tonumber(conversation[2]), tonumber(conversation[3])
local messages, insights, members = {}, {}, {}
local changes = {} -- to the conversation
local before = conversation[7] or "" -- the last job that wanted webhooks
for n = 1, count do
  local id = ARGV[at]
  local owner = account(ARGV[1]) .. id
  local job, hook = KEYS[1] .. "j:" .. owner, ARGV[at + 1] == "1"
  local began, ended = now - ARGV[at + 3], now - ARGV[at + 4]
  if n == 1 then
    redis.call("HSET", job, "status", "completed", "finished", int(ended), "body", ARGV[at + 5])
  else -- through in_progress, in the same step
    redis.call("HSET", job, "status", "completed", "started", int(began), "after", before,
      "finished", int(ended), "body", ARGV[at + 5])
    announce(owner, hook, "in_progress", began, now)
  end
  start_retention(job, hook, ARGV[at + 2])
  announce(owner, hook, "completed", ended, now)

  local first, last = tonumber(ARGV[at + 6]), tonumber(ARGV[at + 7])
  from = from and first and math.min(from, first) or from or first
  to = to and last and math.max(to, last) or to or last
  if ARGV[at + 8] ~= "" then
    changes[#changes + 1] = "name"
    changes[#changes + 1] = ARGV[at + 8]
  end
  if ARGV[at + 9] ~= "" then
    changes[#changes + 1] = "metadata"
    changes[#changes + 1] = ARGV[at + 9]
  end
  before, at = hook and id or before, at + 10
  gather(messages)
  gather(insights)
  gather(members)
end
in_portions("RPUSH", KEYS[9], messages)
in_portions("RPUSH", KEYS[10], insights)
in_portions("HSET", KEYS[8], members)
local stop = to and int(to) or ""
if from and int(from) ~= (conversation[2] or conversation[8]) then
  index(ARGV[1], int(from))
end
local people = conversation[9] or "0"
if #members > 0 then
  people = int(people + 1)
  changes[#changes + 1] = "people"
  changes[#changes + 1] = people
end
for field, value in pairs({
  settled = settled, messages = tonumber(conversation[5] or 0) + #messages, last = before,
  start = from and int(from) or "", ["end"] = stop,
}) do
  changes[#changes + 1] = field
  changes[#changes + 1] = value
end
return end_claim(ARGV[1], now, tonumber(conversation[6]) > settled, { stop = stop, last = before, people = people }, changes,
  ARGV[7], "-committed ")
