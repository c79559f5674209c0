-- begin_key binds an idempotency key to the ids that its request will get, or
-- says what it is bound to.
--
-- KEYS[1]  tw:{k:<digest>}:<account>  hash: fingerprint, conversation, job,
--                                     since, and accepted once that is so
-- ARGV[1]  fingerprint of the request
-- ARGV[2]  conversation id
-- ARGV[3]  job id
-- ARGV[4]  how long the key is remembered, in ms
-- ARGV[5]  after how long a request that was not accepted is taken over, in ms
--
-- Returns {"first", conversation, job}, {"accepted", conversation, job},
-- {"in_flight"} or {"reused"}.

local now = clock()
local key = redis.call("HMGET", KEYS[1], "fingerprint", "conversation", "job", "since", "accepted")
if not key[1] then
  redis.call("HSET", KEYS[1], "fingerprint", ARGV[1], "conversation", ARGV[2], "job", ARGV[3], "since", int(now))
  redis.call("PEXPIRE", KEYS[1], ARGV[4])
  return { "first", ARGV[2], ARGV[3] }
end
if key[1] ~= ARGV[1] then
  return { "reused" }
end
if key[5] then
  return { "accepted", key[2], key[3] }
end
if now - key[4] < tonumber(ARGV[5]) then
  return { "in_flight" }
end
redis.call("HSET", KEYS[1], "since", int(now))
return { "first", key[2], key[3] }
