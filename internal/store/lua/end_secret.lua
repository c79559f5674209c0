-- end_secret has a secret of an account sign no longer, unless it is the last one.
--
-- KEYS[1]  tw:{<account>}:secrets  hash, see doc.go
-- ARGV[1]  id of the secret
-- ARGV[2]  ids of those in the configuration, parted by blanks
-- ARGV[3]  id of the request
--
-- Returns {"ended"}, {"missing"} or {"last"}.

if redis.call("HGET", KEYS[1], "ended") == ARGV[3] then
  return { "ended" }
end
local now = wall()
local live = {}
local count = 0
local all = redis.call("HGETALL", KEYS[1])
local retired = {}
for n = 1, #all, 2 do
  local kind, id = string.sub(all[n], 1, 2), string.sub(all[n], 3)
  if kind == "s:" then
    local expires = tonumber(string.match(all[n + 1], "^%S+ %d+ (%d+) ") or "1")
    if expires == 0 or expires > now then
      live[id] = "stored"
      count = count + 1
    end
  elseif kind == "r:" then
    retired[id] = tonumber(all[n + 1])
  end
end
for id in string.gmatch(ARGV[2], "%S+") do
  if not live[id] and not (retired[id] and retired[id] <= now) then
    live[id] = "configured"
    count = count + 1
  end
end
if not live[ARGV[1]] then
  return { "missing" }
end
if count == 1 then
  return { "last" }
end
if live[ARGV[1]] == "stored" then
  redis.call("HDEL", KEYS[1], "s:" .. ARGV[1])
else
  redis.call("HSET", KEYS[1], "r:" .. ARGV[1], "0")
end
redis.call("HSET", KEYS[1], "ended", ARGV[3])
return { "ended" }
