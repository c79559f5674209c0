-- edit_conversation changes what is kept of a conversation, if it is as the
-- caller knows it. An edit of its members takes the lane from the claim that
-- holds it, if one does: that one has recognised its speakers by what is out
-- of date now. The lane is due again then, and its head is not charged with
-- the attempt, unless the lease was over already.
--
-- KEYS[1]  tw:{s}:ready:append  sorted set, due time by lane
-- KEYS[2]  tw:{s}:bell:append   string, present while a ring is on its way
-- KEYS[3]  tw:{s}:x:<account>   sorted set, start time by id of the account's conversations
-- KEYS[4]  tw:{s}:z:<account>   sorted set, the same of those that are archived
-- KEYS[5]  tw:{s}:c:<lane>      hash, the conversation and the state of its lane
-- KEYS[6]  tw:{s}:p:<lane>      hash, its members and who they are known as
-- KEYS[7]  tw:{s}:m:<lane>      list, its messages
-- ARGV[1]  the lane, <account>:<conv>
-- ARGV[2]  its conversation id
-- ARGV[3]  the new start, or ""
-- ARGV[4]  the new end, or ""
-- ARGV[5]  "1" to make it private if it is not, and the other way round
-- ARGV[6]  how often its members were changed when the edit was computed; ""
--          if it does not depend on them
-- ARGV[7..]  six times a number n and n values: the versions of which it must
--          be at one, or none; fields and values of the conversation; fields
--          to take from it; fields and values of its members; fields to take
--          from them; places of messages and what to put there
--
-- Returns {"unknown"}, {"changed"} if it is at no such version, {"contended"}
-- if the members were changed, {"span", start, end} if it would end before it
-- starts, or {"edited", ring, conversation, members}, the last two as HGETALL
-- has them.

local conversation = redis.call("HMGET", KEYS[5], "accepted", "settled", "edits", "people", "claim", "start", "end",
  "begin", "private")
if not conversation[1] then
  return { "unknown" }
end

local at = 7 -- the argument to read next

-- list returns the list of values that begins at the next argument.
local function list()
  local values, last = {}, at + tonumber(ARGV[at])
  for i = at + 1, last do
    values[#values + 1] = ARGV[i]
  end
  at = last + 1
  return values
end

local versions, set, drop = list(), list(), list()
local people, gone, lines = list(), list(), list()

local version, wanted = (conversation[2] or "0") .. "-" .. (conversation[3] or "0"), #versions == 0
for _, v in ipairs(versions) do
  wanted = wanted or v == version
end
if not wanted then
  return { "changed" }
end
if ARGV[6] ~= "" and ARGV[6] ~= (conversation[4] or "0") then
  return { "contended" }
end
local before = tonumber(conversation[6]) or tonumber(conversation[8])
local start, stop = tonumber(ARGV[3]) or before, tonumber(ARGV[4]) or tonumber(conversation[7])
if ARGV[3] .. ARGV[4] ~= "" and start and stop and stop < start then
  return { "span", int(start), int(stop) }
end

local function put(field, value)
  set[#set + 1] = field
  set[#set + 1] = value
end
if ARGV[3] ~= "" then
  put("start", ARGV[3])
end
if ARGV[4] ~= "" then
  put("end", ARGV[4])
end
if ARGV[5] == "1" and not conversation[9] then
  put("private", "1")
elseif ARGV[5] == "1" then
  drop[#drop + 1] = "private"
end
local revised = #people + #gone > 0
if #set + #drop + #lines > 0 or revised then
  put("edits", (conversation[3] or 0) + 1)
end
if #lines > 0 or revised then
  put("people", (conversation[4] or 0) + 1)
end

-- each calls a command with a list of values, in portions that fit Lua's stack.
local function each(command, key, list)
  for from = 1, #list, 1000 do
    redis.call(command, key, unpack(list, from, math.min(from + 999, #list)))
  end
end
each("HSET", KEYS[5], set) -- first, so that a full Redis refuses all of it
each("HDEL", KEYS[5], drop)
each("HSET", KEYS[6], people)
each("HDEL", KEYS[6], gone)
for n = 1, #lines, 2 do
  redis.call("LSET", KEYS[7], lines[n], lines[n + 1])
end
if ARGV[3] ~= "" then
  redis.call("ZADD", KEYS[3], ARGV[3], ARGV[2])
end
if redis.call("HEXISTS", KEYS[5], "archived") == 1 then
  redis.call("ZADD", KEYS[4], redis.call("ZSCORE", KEYS[3], ARGV[2]), ARGV[2])
else
  redis.call("ZREM", KEYS[4], ARGV[2])
end
if revised then -- who claims the lane looks for members only if there is a last job
  redis.call("HSETNX", KEYS[5], "last", "")
end
local now, rung = clock(), 0
if revised and (conversation[5] or "") ~= "" then
  redis.call("HDEL", KEYS[5], "claim")
  if tonumber(redis.call("ZSCORE", KEYS[1], ARGV[1])) > now then
    redis.call("HINCRBY", KEYS[5], "attempts", -1)
    redis.call("ZADD", KEYS[1], int(now), ARGV[1])
  end
  rung = ring(KEYS[2], true)
end
return { "edited", rung, redis.call("HGETALL", KEYS[5]), redis.call("HGETALL", KEYS[6]) }
