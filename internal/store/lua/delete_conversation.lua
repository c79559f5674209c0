-- delete_conversation removes a conversation with all that belongs to it, at
-- once for whoever reads, and fails its unfinished jobs. Those that are too
-- many for one step are failed by whoever claims the lane, see lib/jobs.lua.
--
-- KEYS[1..5]  see lib/jobs.lua
-- KEYS[6]     tw:{s}:x:<account>  sorted set, start time by id of the account's conversations
-- KEYS[7]     tw:{s}:z:<account>  sorted set, the same of those that are archived
-- KEYS[8]     tw:{s}:c:<lane>     hash, the conversation and the state of its lane
-- KEYS[9]     tw:{s}:p:<lane>     hash, its members and who they are known as
-- KEYS[10]    tw:{s}:m:<lane>     list, its messages
-- KEYS[11]    tw:{s}:i:<lane>     list, its insights
-- KEYS[12]    tw:{s}:g:<lane>     string, see doc.go
-- KEYS[13]    tw:{s}:u:<lane>     string, see doc.go
-- KEYS[14]    tw:{s}:l:<lane>     string, the state of its lane
-- Built from KEYS[1]: b:, claims:append, clock, e:, endpoint:, flight:, g:,
--   j:, jobs:, k:, l:, q:, ready:deliver, s:, t:, trouble:
-- ARGV[1]     the lane, <account>:<conv>
-- ARGV[2]     its conversation id
-- ARGV[3]     how long a failed job is kept, in ms
-- ARGV[4]     id of the request
-- ARGV[5]     how long that is remembered, in ms
-- ARGV[6..]   the versions of which it must be at one, or none
--
-- Returns {"unknown"}, {"changed"} if it is at no such version, or {"deleted",
-- ring append, ring deliver}.

local now = clock()
local s = read_state(ARGV[1])
if not s then
  if redis.call("GET", KEYS[13]) == ARGV[4] then
    return { "deleted", 1, 1 }
  end
  return { "unknown" }
end
local version, wanted = s.settled .. "-" .. (redis.call("HGET", KEYS[8], "edits") or "0"), #ARGV == 5
for n = 6, #ARGV do
  wanted = wanted or ARGV[n] == version
end
if not wanted then
  return { "changed" }
end
local head = s.started ~= "" and entry(redis.call("LINDEX", KEYS[1] .. "q:" .. ARGV[1], 0))
if head then
  local job = KEYS[1] .. "j:" .. account(ARGV[1]) .. head
  local state = redis.call("HGET", job, "state") or ""
  local accepted = string.match(state, " (%d+)$")
  if accepted then -- when it was started, the state of the lane will not say any more
    redis.call("HSET", job, "state", state .. " " .. int(s.started - accepted))
  end
end
redis.call("UNLINK", KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[14], KEYS[1] .. "s:" .. ARGV[1])
forget_payloads(ARGV[1])
untroubled(ARGV[1])
redis.call("ZREM", KEYS[6], ARGV[2])
redis.call("ZREM", KEYS[7], ARGV[2])
local note = holder(s.claim) and redis.call("HGET", CLAIMS, s.claim)
if note and string.find(note, "^%S* %S+$") then -- of this lane alone
  redis.call("HDEL", CLAIMS, s.claim)
end
redis.call("SET", KEYS[13], ARGV[4], "PX", ARGV[5])
keep_clock()
local more = false
if s.accepted ~= s.settled then
  redis.call("SET", KEYS[12], "1")
  more = fail_deleted(ARGV[1], now, ARGV[3])
end
write_listed()
place_accounts(KEYS[2], now)
pushed()
return { "deleted", ring(KEYS[3], more, now), ring(KEYS[5], pushed(), now) }
