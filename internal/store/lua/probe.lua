-- probe does what an append needs and changes nothing: a write that Redis
-- refuses when it is full, read-only or without its disk or replicas, to a key
-- that is never there. Where Redis tells, it also asks for the commands of the
-- other scripts.
--
-- KEYS[1]  tw:{s}:probe  never there
-- ARGV[1]  "1" if it matters that the memory has room
-- ARGV[2..]  names of commands
--
-- Returns {"fit"} or {"denied", name of the command}.

local key = KEYS[1]
if ARGV[1] ~= "1" then
  redis.call("ZREM", key, "") -- the first write decides
end
redis.call("SET", key, "", "XX")
for n = 2, redis.acl_check_cmd and #ARGV or 0 do
  local command = ARGV[n]
  if not redis.acl_check_cmd(command, key, key, key, key) then
    return { "denied", command }
  end
end
return { "fit" }
