-- unlock_items lets others change items again, unless they may already.
--
-- KEYS[1]  tw:{<account>}:hold:<kind>  string, who may create and update items
-- ARGV[1]  the holder
--
-- Returns {"freed"} or {"stale"}.

if redis.call("GET", KEYS[1]) ~= ARGV[1] then
  return { "stale" }
end
redis.call("DEL", KEYS[1])
return { "freed" }
