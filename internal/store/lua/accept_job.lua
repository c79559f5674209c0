-- accept_job gives a job its number in its conversation and its place in the
-- lane. That step is its arrival.
--
-- KEYS[1..5]  see lib/jobs.lua
-- KEYS[6]  tw:{s}:j:<account>:<job>      hash, the job
-- Built from KEYS[1]: c:, claims:append, clock, e:, g:, j:, l:, p:, q:, x:
-- ARGV[1]  the append lane, <account>:<conv>
-- ARGV[2]  the deliver lane, <account>:<job>
-- ARGV[3]  conversation id
-- ARGV[4]  job id
-- ARGV[5]  body of the job, as doc.go describes it
-- ARGV[14] what is kept of it as long as the job
-- ARGV[6]  "1" if the caller wants webhooks
-- ARGV[7]  "1" to make the conversation
-- ARGV[8]  its name, or ""
-- ARGV[9]  its metadata as a JSON object, or ""
-- ARGV[10] how many unfinished jobs the conversation may have; 0 for any number
-- ARGV[11] id of a claim, random, if the caller can work the job at once; or ""
-- ARGV[12] lease, in ms
-- ARGV[13] when a conversation that is made begins, if its messages say so; ""
--          for now
--
-- Returns {"taken"}, {"unknown"}, {"full"}, or, if the job is accepted, now or
-- before, a grant, see lib/jobs.lua, of its lane or of none.

local create, claim = ARGV[7] == "1", ARGV[11]
local now = clock()
if redis.call("EXISTS", KEYS[6]) == 1 then
  if claim ~= "" then
    regrant(claim, now, ARGV[12])
  end
  return answer(claim, "", false, now)
end
local s = read_state(ARGV[1])
if create and (s or redis.call("EXISTS", KEYS[1] .. "g:" .. ARGV[1]) == 1) then
  return { "taken" }
end
if not create and not s then
  return { "unknown" }
end

local others, begin = {}, nil
if create then
  begin = ARGV[13] == "" and int(now) or ARGV[13]
  s = {
    claim = "", attempts = "0", accepted = "0", settled = "0", started = "", start = "~" .. begin, stop = "", last = "",
    people = "0", messages = "0",
  }
  others = { "created", int(now), "name", ARGV[8], "metadata", ARGV[9] }
end
local waiting, limit = s.accepted - s.settled, tonumber(ARGV[10])
if limit > 0 and waiting >= limit then
  return { "full" }
end
local first, hook = waiting == 0, ARGV[6] == "1"
local at_once = first and claim ~= ""
s.accepted = int(s.accepted + 1)
if at_once then
  s.claim, s.attempts, s.started = claim, "0", int(now)
end
write_state(ARGV[1], s, others) -- first, so that a full Redis refuses all of it
if create then
  local owner, id = string.match(ARGV[1], "^([^:]*):(.*)$")
  redis.call("ZADD", KEYS[1] .. "x:" .. owner, begin, id)
end
local job = { "conversation", ARGV[3], "sequence", s.accepted, "accepted", int(now), "body", ARGV[14], "status", "scheduled" }
if hook then
  job[11], job[12] = "hook", "1"
end
redis.call("HSET", KEYS[6], unpack(job)) -- small values, which Redis packs
keep_clock()
redis.call("RPUSH", KEYS[1] .. "q:" .. ARGV[1], ARGV[4] .. " " .. int(now) .. " " .. ARGV[6] .. "\n" .. ARGV[5])
announce(ARGV[2], hook, "scheduled", now, now)
if at_once then
  start(ARGV[2], hook, s.last, now, now)
  leases = { int(now + ARGV[12]), ARGV[1] }
  local members = s.last ~= "" and known(KEYS[1] .. "p:" .. ARGV[1], ARGV[5]) or {}
  lanes = { { ARGV[1], 1, s.stop, s.people, { { ARGV[4], s.accepted, int(now), ARGV[5], members } } } }
elseif first then
  leases = { int(now), ARGV[1] }
end
return answer(claim, "", first and not at_once, now)
