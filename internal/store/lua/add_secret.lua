-- add_secret stores a secret that an account signs its webhooks with, and has
-- those of its scheme expire. Secrets that have expired are dropped.
--
-- KEYS[1]  tw:{<account>}:secrets  hash, see doc.go
-- ARGV[1]  id of the secret
-- ARGV[2]  its scheme
-- ARGV[3]  the secret, sealed
-- ARGV[4]  how long the others sign still, in ms
-- ARGV[5]  how many secrets there may be
-- ARGV[6]  ids of those in the configuration that it replaces, parted by blanks
--
-- Returns {"added"} or {"full"}.

if redis.call("HEXISTS", KEYS[1], "s:" .. ARGV[1]) == 1 then
  return { "added" }
end
local now = wall()
local overlap = tonumber(ARGV[4])
local count = 0
local others = {}
local all = redis.call("HGETALL", KEYS[1])
for n = 1, #all, 2 do
  local scheme, created, expires, sealed = string.match(all[n + 1], "^(%S+) (%d+) (%d+) (.*)$")
  if string.sub(all[n], 1, 2) == "s:" and scheme then
    if expires ~= "0" and tonumber(expires) <= now then
      redis.call("HDEL", KEYS[1], all[n])
    else
      count = count + 1
      if scheme == ARGV[2] then
        others[#others + 1] = { all[n], created, tonumber(expires), sealed }
      end
    end
  end
end
if count >= tonumber(ARGV[5]) then
  return { "full" }
end
for _, other in ipairs(others) do
  local expires = now + overlap
  if other[3] ~= 0 and other[3] < expires then
    expires = other[3]
  end
  if overlap == 0 then
    redis.call("HDEL", KEYS[1], other[1])
  else
    redis.call("HSET", KEYS[1], other[1], ARGV[2] .. " " .. other[2] .. " " .. int(expires) .. " " .. other[4])
  end
end
for id in string.gmatch(ARGV[6], "%S+") do
  local retired = tonumber(redis.call("HGET", KEYS[1], "r:" .. id) or "")
  local expires = now + overlap
  if overlap == 0 then
    expires = 0
  end
  if not retired or retired > expires then
    redis.call("HSET", KEYS[1], "r:" .. id, int(expires))
  end
end
redis.call("HSET", KEYS[1], "s:" .. ARGV[1], ARGV[2] .. " " .. int(now) .. " 0 " .. ARGV[3])
return { "added" }
