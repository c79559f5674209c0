-- edit_conversation changes what is kept of a conversation, if that is as the
-- caller knows it. Who claims the lane is not disturbed: a commit whose
-- speakers were recognised by members that are out of date is told so.
--
-- KEYS[1]  tw:{s}:x:<account>   sorted set, start time by id of the account's conversations
-- KEYS[2]  tw:{s}:z:<account>   sorted set, the same of those that are archived
-- KEYS[3]  tw:{s}:c:<lane>      hash, the conversation
-- KEYS[4]  tw:{s}:p:<lane>      hash, its members and who they are known as
-- KEYS[5]  tw:{s}:m:<lane>      list, its messages
-- KEYS[6]  tw:{s}:l:<lane>      string, the state of its lane
-- ARGV[1]  id of the request
-- ARGV[2]  the conversation id
-- ARGV[3]  the new start, or ""
-- ARGV[4]  the new end, or ""
-- ARGV[5]  "1" to make it private if it is not, and the other way round
-- ARGV[6]  how often its members were changed when the edit was computed; ""
--          if it does not depend on all of them
-- ARGV[7..]  seven times a number n and n values: the versions of which it must
--          be at one, or none; fields of its members that the edit was computed
--          from, each with "=" and its value, or "" if there was none; fields
--          and values of the conversation; fields to take from it; fields and
--          values of its members; fields to take from them; places of messages
--          and what to put there
--
-- Returns {"unknown"}, {"changed"} if it is at no such version, {"contended"}
-- if the members were changed, {"span", start, end} if it would end before it
-- starts, or {"edited", conversation, members, state, more}, as read_conversation has
-- them.

local REMEMBERED = 4 -- how many requests are told from new ones

local packed = redis.call("GET", KEYS[6])
if not packed then
  return { "unknown" }
end
local edits, requests, private = unpack(redis.call("HMGET", KEYS[3], "edits", "requests", "private"))
edits, requests = edits or "0", requests or ""

local function edited()
  return reading("edited", KEYS[3], KEYS[4], redis.call("GET", KEYS[6]))
end

local s = unpack_state(packed)
if string.find(requests, ARGV[1], 1, true) then
  return edited()
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

local versions, reads, set, drop = list(), list(), list(), list()
local people, gone, lines = list(), list(), list()

local version, wanted = s.settled .. "-" .. edits, #versions == 0
for _, v in ipairs(versions) do
  wanted = wanted or v == version
end
if not wanted then
  return { "changed" }
end
if ARGV[6] ~= "" and ARGV[6] ~= s.people then
  return { "contended" }
end
for n = 1, #reads, 2 do
  local value = redis.call("HGET", KEYS[4], reads[n])
  if (value and "=" .. value or "") ~= reads[n + 1] then
    return { "contended" }
  end
end
local start, stop = tonumber(ARGV[3]) or tonumber(string.match(s.start, "-?%d*$")), tonumber(ARGV[4]) or tonumber(s.stop)
if ARGV[3] .. ARGV[4] ~= "" and start and stop and stop < start then
  return { "span", int(start), int(stop) }
end

local function put(field, value)
  set[#set + 1] = field
  set[#set + 1] = value
end
if ARGV[5] == "1" and not private then
  put("private", "1")
elseif ARGV[5] == "1" then
  drop[#drop + 1] = "private"
end
local revised = #people + #gone > 0
if #set + #drop + #lines > 0 or ARGV[3] .. ARGV[4] ~= "" or revised then
  put("edits", int(edits + 1))
end
if #lines > 0 or revised then
  s.people = int(s.people + 1)
end
if revised and s.last == "" then -- who claims the lane looks for members only if there is a last job
  s.last = "-"
end
if ARGV[3] ~= "" then
  s.start = ARGV[3]
end
if ARGV[4] ~= "" then
  s.stop = ARGV[4]
end
local latest = { ARGV[1] }
for request in string.gmatch(requests, "%S+") do
  if #latest < REMEMBERED then
    latest[#latest + 1] = request
  end
end
put("requests", table.concat(latest, " "))

redis.call("SET", KEYS[6], pack_state(s)) -- first, so that a full Redis refuses all of it
in_portions("HSET", KEYS[3], set)
in_portions("HDEL", KEYS[3], drop)
in_portions("HSET", KEYS[4], people)
in_portions("HDEL", KEYS[4], gone)
if revised then
  s.kept = int(redis.call("HLEN", KEYS[4]))
  redis.call("SET", KEYS[6], pack_state(s))
end
for n = 1, #lines, 2 do
  redis.call("LSET", KEYS[5], lines[n], lines[n + 1])
end
if ARGV[3] ~= "" then
  redis.call("ZADD", KEYS[1], ARGV[3], ARGV[2])
end
if redis.call("HEXISTS", KEYS[3], "archived") == 1 then
  redis.call("ZADD", KEYS[2], redis.call("ZSCORE", KEYS[1], ARGV[2]), ARGV[2])
else
  redis.call("ZREM", KEYS[2], ARGV[2])
end
return edited()
