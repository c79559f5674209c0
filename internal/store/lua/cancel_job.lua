-- cancel_job takes the text of a job away that waits, and marks it: whoever finds it at
-- the head of its lane fails it. It keeps its place until then, so that the numbers of
-- the others, and the order of the events of the conversation, stay as they are.
--
-- KEYS[1]  tw:{s}:j:<lane>         hash, the job
-- KEYS[2]  tw:{s}:q:<lane>         list, the unfinished jobs of its lane, oldest first
-- KEYS[3]  tw:{s}:l:<lane>         string, the state of that lane
-- KEYS[4]  tw:{s}:b:<lane>         string, the long part of its body, if there is one
-- KEYS[5]  tw:{s}:claims:append    hash, what each claim was granted
-- ARGV[1]  the lane, <account>:<conv>
-- ARGV[2]  job id
--
-- Returns {"cancelled"}, also if it was before, {"begun"} if somebody may be at work on
-- it, {"ended"} if it is final, or {"missing"}.

local status, sequence = string.match(redis.call("HGET", KEYS[1], "state") or "", "^(%d) %S+ (%d+)")
if not status then
  return { "missing" }
end
local packed = redis.call("GET", KEYS[3])
local s = packed and unpack_state(packed)
local at = s and sequence - s.settled - 1
if status ~= "1" or not s or at < 0 then -- which is scheduled
  return { "ended" }
end
local text = redis.call("LINDEX", KEYS[2], at)
if not text or string.match(text, "^%S+") ~= ARGV[2] then
  return { "missing" }
end
if at == 0 and s.started ~= "" then
  return { "begun" }
end
if s.claim ~= "" and string.sub(s.claim, 1, 1) ~= "-" then -- its first jobs are under way
  local granted = redis.call("HGET", KEYS[5], s.claim) or ""
  local _, from = string.find(granted, " " .. ARGV[1] .. "/", 1, true)
  local count = from and tonumber(string.match(granted, "^%d+", from + 1))
  if not count or at < count then
    return { "begun" }
  end
end
local head, retained = string.match(text, "^([^\n]*)\n([^\n]*)")
redis.call("UNLINK", KEYS[4])
redis.call("LSET", KEYS[2], at, head .. "\n" .. retained .. "\ncancelled\n[]\n[]")
local now = redis.call("TIME")
redis.call("HSETNX", KEYS[1], "cancelled", now[1] .. string.format("%03d", math.floor(now[2] / 1000)))
return { "cancelled" }
