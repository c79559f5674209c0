-- commit_jobs stores the effects of the first jobs of a lane, completes them
-- and takes them out of it, unless the claim is lost. All but the head pass
-- through in_progress here, so nobody ever sees two of them in progress.
--
-- KEYS[1..5]  see lib/jobs.lua
-- KEYS[6]     tw:{s}:a:<lane>  hash, state of the lane: claim, attempts
-- KEYS[7]     tw:{s}:q:<lane>  list, ids of its jobs, oldest first
-- KEYS[8]     tw:{s}:c:<lane>  hash, the conversation
-- KEYS[9]     tw:{s}:p:<lane>  hash, its members and who they are known as
-- KEYS[10]    tw:{s}:m:<lane>  list, its messages
-- KEYS[11]    tw:{s}:i:<lane>  list, its insights
-- ARGV[1]     the lane, <account>:<conv>
-- ARGV[2]     id of the claim
-- ARGV[3]     id of the next claim, if it is of another lane
-- ARGV[4]     lease, in ms
-- ARGV[5]     how many jobs of the same lane to grant; 0 to give it back
-- ARGV[6]     else how many jobs of another lane; 0 for none
-- ARGV[7]     how long a finished job is kept, in ms
-- ARGV[8]     how many jobs are committed
-- ARGV[9..]   of each: id; how long ago it was started and finished, in ms;
--             what is left of its body; start and end of its messages, name
--             and metadata for the conversation, each may be ""; then three
--             times a number n and n values: messages, insights, and fields
--             and values of the members
--
-- Returns {"stale"} or a grant, see lib/jobs.lua.

local count = tonumber(ARGV[8])
if not owned(KEYS[6], ARGV[2]) then
  return { "stale" }
end
local ids = redis.call("LRANGE", KEYS[7], 0, count - 1)
local now = clock()
local at = 9 -- the argument to read next

-- values returns the list that begins at the next argument.
local function values()
  local n = tonumber(ARGV[at])
  local from = at + 1
  at = from + n
  return n, from
end

-- push adds values to a list, in portions that fit Lua's stack.
local function push(command, key)
  local n, from = values()
  local to = from + n
  while from < to do
    local last = math.min(from + 1000, to) - 1
    redis.call(command, key, unpack(ARGV, from, last))
    from = last + 1
  end
  return n
end

-- A reply that got lost makes the client ask again: the jobs are gone then.
local check = at
for n = 1, count do
  if ids[n] ~= ARGV[check] then
    return { "stale" }
  end
  check = check + 8
  for _ = 1, 3 do
    check = check + 1 + tonumber(ARGV[check])
  end
end

redis.call("LTRIM", KEYS[7], count, -1)
local span = redis.call("HMGET", KEYS[8], "start", "end")
local start, stop = tonumber(span[1]), tonumber(span[2])
local messages = 0
for n = 1, count do
  local owner = account(ARGV[1]) .. ARGV[at]
  local hook = redis.call("HGET", KEYS[1] .. "j:" .. owner, "hook")
  if n > 1 then
    started(owner, hook, now - ARGV[at + 1], now)
  end
  finished(owner, hook, "completed", now - ARGV[at + 2], now, ARGV[at + 3], ARGV[7])
  local from, to = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  if from and (not start or from < start) then
    start = from
  end
  if to and (not stop or to > stop) then
    stop = to
  end
  if ARGV[at + 6] ~= "" then
    redis.call("HSET", KEYS[8], "name", ARGV[at + 6])
  end
  if ARGV[at + 7] ~= "" then
    redis.call("HSET", KEYS[8], "metadata", ARGV[at + 7])
  end
  at = at + 8
  messages = messages + push("RPUSH", KEYS[10])
  push("RPUSH", KEYS[11])
  push("HSET", KEYS[9])
end
redis.call("HINCRBY", KEYS[8], "settled", count)
redis.call("HINCRBY", KEYS[8], "messages", messages)
if start then
  redis.call("HSET", KEYS[8], "start", int(start), "end", int(stop))
end
return go_on(ARGV[1], ARGV[2], ARGV[3], now, ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]))
