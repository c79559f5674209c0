-- take_slot gives a job one of its account's slots. It is only asked to free
-- slots when none is left: who has held one longest is returned then, and the
-- caller finds out which of them are final.
--
-- KEYS[1]  tw:{<account>}:slots  sorted set, time the slot was taken by job id
-- ARGV[1]  job id
-- ARGV[2]  how many slots there are
-- ARGV[3]  how many of those who hold one to return
--
-- Returns {"taken"} or {"full", now, {job, time, ...}}.

if redis.call("ZSCORE", KEYS[1], ARGV[1]) then
  return { "taken" }
end
local now = wall()
if redis.call("ZCARD", KEYS[1]) < tonumber(ARGV[2]) then
  redis.call("ZADD", KEYS[1], int(now), ARGV[1])
  return { "taken" }
end
return { "full", int(now), redis.call("ZRANGE", KEYS[1], 0, tonumber(ARGV[3]) - 1, "WITHSCORES") }
