-- accept_job gives a job its number in its conversation and its place in the
-- lane. That step is its arrival.
--
-- KEYS[1]  tw:{s}:ready:append           sorted set, due time by append lane
-- KEYS[2]  tw:{s}:bell:append            string, present while a ring is on its way
-- KEYS[3]  tw:{s}:ready:deliver          sorted set, due time by deliver lane
-- KEYS[4]  tw:{s}:bell:deliver           string, as KEYS[2]
-- KEYS[5]  tw:{s}:c:<account>:<conv>     hash, the conversation
-- KEYS[6]  tw:{s}:q:<account>:<conv>     list, ids of its unfinished jobs, oldest first
-- KEYS[7]  tw:{s}:j:<account>:<job>      hash, the job
-- KEYS[8]  tw:{s}:e:<account>:<job>      list, events to deliver, oldest first
-- ARGV[1]  the append lane, <account>:<conv>
-- ARGV[2]  the deliver lane, <account>:<job>
-- ARGV[3]  conversation id
-- ARGV[4]  job id
-- ARGV[5]  body of the job, as doc.go describes it
-- ARGV[6]  "1" if the caller wants webhooks
-- ARGV[7]  "1" to make the conversation
-- ARGV[8]  its name, or ""
-- ARGV[9]  its metadata as a JSON object, or ""
-- ARGV[10] how many unfinished jobs the conversation may have; 0 for any number
--
-- Returns {"accepted", ring append, ring deliver}, {"repeated"}, {"taken"},
-- {"unknown"} or {"full"}.

local create = ARGV[7] == "1"
local sequence = redis.call("HGET", KEYS[5], "accepted")
if sequence and redis.call("EXISTS", KEYS[7]) == 1 then
  return { "repeated" }
end
if create and sequence then
  return { "taken" }
end
if not create and not sequence then
  return { "unknown" }
end
local limit = tonumber(ARGV[10])
if limit > 0 and not create and redis.call("LLEN", KEYS[6]) >= limit then
  return { "full" }
end

local now = clock()
if create then
  sequence = 1
  redis.call("HSET", KEYS[5], "accepted", 1, "created", int(now), "name", ARGV[8], "metadata", ARGV[9])
else
  sequence = redis.call("HINCRBY", KEYS[5], "accepted", 1)
end
local job = { "conversation", ARGV[3], "sequence", sequence, "status", "scheduled", "accepted", int(now), "body", ARGV[5] }
if ARGV[6] == "1" then
  job[11], job[12] = "hook", "1"
end
redis.call("HSET", KEYS[7], unpack(job))
local first = redis.call("RPUSH", KEYS[6], ARGV[4]) == 1
if first then
  redis.call("ZADD", KEYS[1], int(now), ARGV[1])
end
local announced = ARGV[6] == "1" and announce(KEYS[7], KEYS[8], KEYS[3], ARGV[2], "scheduled", now, now)
return { "accepted", ring(KEYS[2], first), ring(KEYS[4], announced) }
