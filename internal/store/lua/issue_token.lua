-- issue_token returns the newest token of an application, or enters another
-- one in its place if that was revoked, ends too soon, or was signed by a key
-- that is gone. The one that was replaced stays in force to its end. Times are
-- Unix seconds, as in the tokens.
--
-- KEYS[1]  tw:{<account>}:tokens:<app>  hash: t:<id> of each token in force →
--                                       "<key> <issued> <expires>"; newest: id
--                                       of the one that was entered last
-- ARGV[1]  id of the token to enter
-- ARGV[2]  id of the key that signs it
-- ARGV[3]  how long it lives, in s
-- ARGV[4]  how long an older one must live still, in s
-- ARGV[5]  ids of the keys that may have signed an older one, each between blanks
--
-- Returns {"issued" or "kept", id, key, issued, expires, now}.

local now = tonumber(redis.call("TIME")[1])

local function parse(entry)
  local key, issued, expires = string.match(entry or "", "^(%S+) (%d+) (%d+)$")
  return key, issued, tonumber(expires)
end

local newest = redis.call("HGET", KEYS[1], "newest")
if newest then
  local key, issued, expires = parse(redis.call("HGET", KEYS[1], "t:" .. newest))
  if key and expires - now >= tonumber(ARGV[4]) and string.find(ARGV[5], " " .. key .. " ", 1, true) then
    return { newest == ARGV[1] and "issued" or "kept", newest, key, issued, tostring(expires), tostring(now) }
  end
end

local last = now + tonumber(ARGV[3])
local expires = tostring(last)
local all = redis.call("HGETALL", KEYS[1])
for n = 1, #all, 2 do
  local _, _, ends = parse(all[n + 1])
  if ends and ends <= now then
    redis.call("HDEL", KEYS[1], all[n])
  elseif ends then
    last = math.max(last, ends)
  end
end
redis.call("HSET", KEYS[1], "t:" .. ARGV[1], ARGV[2] .. " " .. now .. " " .. expires, "newest", ARGV[1])
redis.call("EXPIREAT", KEYS[1], last)
return { "issued", ARGV[1], ARGV[2], tostring(now), expires, tostring(now) }
