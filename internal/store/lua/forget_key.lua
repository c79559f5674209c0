-- forget_key frees an idempotency key whose request was refused. One that was
-- accepted meanwhile, by a repetition that took the key over, is kept.
--
-- KEYS[1]  tw:{k:<digest>}:<account>  hash, see begin_key
--
-- Returns {"forgotten"} or {"kept"}.

if redis.call("HEXISTS", KEYS[1], "accepted") == 1 then
  return { "kept" }
end
redis.call("DEL", KEYS[1])
return { "forgotten" }
