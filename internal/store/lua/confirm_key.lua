-- confirm_key records that the request of an idempotency key was accepted. A
-- key that is forgotten meanwhile stays so.
--
-- KEYS[1]  tw:{k:<digest>}:<account>  hash, see begin_key
--
-- Returns {"confirmed"} or {"unknown"}.

if redis.call("EXISTS", KEYS[1]) == 0 then
  return { "unknown" }
end
redis.call("HSET", KEYS[1], "accepted", "1")
return { "confirmed" }
