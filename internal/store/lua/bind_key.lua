-- bind_key binds an idempotency key to a request, unless one holds it already.
-- What a request makes has ids that follow from the key and the request, so
-- whether it was accepted shows where its job would be: the caller looks, and
-- asks again with leave to replace one that never was.
--
-- KEYS[1]  tw:{k:<digest>}:<account>  hash: fingerprint, job
-- ARGV[1]  fingerprint of the request
-- ARGV[2]  id of its job
-- ARGV[3]  how long the key is remembered, in ms
-- ARGV[4]  id of the job that may be replaced, or ""
--
-- Returns {"bound"}, or {"held", fingerprint, job} if it was bound before.

local held = redis.call("HMGET", KEYS[1], "fingerprint", "job")
if held[1] and held[2] ~= ARGV[4] then
  return { "held", held[1], held[2] }
end
redis.call("HSET", KEYS[1], "fingerprint", ARGV[1], "job", ARGV[2])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return { "bound" }
