-- bind_key binds an idempotency key to a request, unless another one holds it.
-- What the request makes has ids that follow from the key and the request, so
-- whether it was accepted shows where these would be: the caller looks, and
-- asks again with leave to replace a request that never was.
--
-- KEYS[1]  tw:{k:<digest>}:<account>  hash: fingerprint, job
-- ARGV[1]  fingerprint of the request
-- ARGV[2]  id of its job
-- ARGV[3]  how long the key is remembered, in ms
-- ARGV[4]  fingerprint that may be replaced, or ""
--
-- Returns {"bound"}, {"known"} if the same request held it before, or {"held",
-- fingerprint, job} if another one does.

local held = redis.call("HMGET", KEYS[1], "fingerprint", "job")
if held[1] == ARGV[1] then
  return { "known" }
end
if held[1] and held[1] ~= ARGV[4] then
  return { "held", held[1], held[2] }
end
redis.call("HSET", KEYS[1], "fingerprint", ARGV[1], "job", ARGV[2])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return { "bound" }
