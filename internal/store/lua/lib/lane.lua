-- lane is put, after base, in front of every script about lanes.
--
-- All of these scripts have as their first key
--
-- KEYS[1]  tw:{s}:  the prefix of all keys of the shard, none itself
--
-- from which are built: clock, claims:append and claims:deliver, and whatever
-- the header of a script or of another library names.
--
-- A lane is named "<account>:<id>", the member that stands for it in the ready
-- index of its shard. The score there is the time from which it may be
-- claimed; of a lane under a lease that is the deadline. Times are those of the
-- shard's clock.
--
-- The state of a lane is in a hash, as the fields
--
--   claim     id of the claim that holds it; if none does, nothing, or how
--             and which claim ended last: "-committed <claim>", "-failed ..."
--             or "-released ..."
--   attempts  "<n>", how many attempts at the head have ended without effect,
--             and for each lease that ran out, of which it is not known yet
--             whether that was the end of its process, " <claim>@<when>"
--
-- Every script may be run again with the same arguments, because a caller
-- whose reply got lost cannot know whether its request did: it gets the first
-- answer once more. Claims are found again by their id, in claims:<kind>.
--
-- Where a script helps to take work off the lanes, its first write is a command
-- that Redis grants even when its memory is full (DEL, HDEL, LPOP, LTRIM,
-- ZREM): after that it refuses no other. So a full Redis refuses new jobs and
-- still works off those it has.
-- Used by:
--   clock: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, put_off_lane, release_lane, renew_lane,
--       settle_events, sweep_lanes
--   due: claim_event, put_off_lane
--   even_if_full: accept_jobs, claim_jobs, commit_jobs, fail_job, renew_lane,
--       sweep_lanes
--   holder: claim_event, claim_jobs, commit_jobs, delete_conversation,
--       settle_events
--   keep_clock: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, release_lane, renew_lane, settle_events,
--       sweep_lanes
--   push_event: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job
--   ring: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, release_lane, settle_events, sweep_lanes
--   tried: accept_jobs, claim_event, claim_jobs, commit_jobs, fail_job,
--       settle_events
--   tried_again: fail_job, settle_events

local BELL = 500 -- how long a ring may be on its way before it is repeated, in ms
local TICK = 100 -- how far the shard's clock may run ahead of what is kept of it, in ms

local clock_kept -- what to keep of the clock, if anything
local stepped = false -- whether Redis' clock was found to have stepped back

-- clock returns the time by the clock of the shard. It is that of Redis, but
-- never goes back: where Redis' clock has stepped back it goes on from the
-- latest time that was kept, and then loses a quarter of its pace until both
-- agree again. Kept is "<latest time> <how far ahead of Redis>".
local function clock()
  local now = wall()
  local seen, ahead = 0, 0
  local kept = redis.call("GET", KEYS[1] .. "clock")
  if kept then
    local a, b = string.match(kept, "^(%d+) (%d+)$")
    seen, ahead = tonumber(a) or 0, tonumber(b) or 0
  end
  if now + ahead < seen then
    ahead = seen - now
    clock_kept, stepped = { seen, ahead }, true
  elseif now + ahead >= seen + TICK then
    ahead = math.max(ahead - math.floor((now + ahead - seen) / 4), 0)
    clock_kept = { now + ahead, ahead }
  end
  return now + ahead
end

-- keep_clock is called, once the clock was read, by scripts that write: after
-- their first write, see above.
local function keep_clock()
  if clock_kept then
    redis.call("SET", KEYS[1] .. "clock", int(clock_kept[1]) .. " " .. int(clock_kept[2]))
  end
end

-- even_if_full is a write as described above, for scripts that have none of
-- their own.
local function even_if_full(ready)
  redis.call("ZREM", ready, "")
end

-- ring returns 1 if the doorbell is to be rung: it is wanted, and no ring is
-- on its way. The bell holds the time until which one is.
local function ring(bell, wanted, now)
  if not wanted then
    return 0
  end
  local rung = tonumber(redis.call("GET", bell) or 0)
  if rung > now and rung <= now + BELL then
    return 0
  end
  redis.call("SET", bell, int(now + BELL), "PX", BELL)
  return 1
end

-- due returns the lane that has been due longest, since when it is, and
-- whether there is another one.
local function due(ready, now)
  local lanes = redis.call("ZRANGEBYSCORE", ready, "-inf", int(now), "WITHSCORES", "LIMIT", 0, 2)
  return lanes[1], lanes[2], lanes[3] ~= nil
end

-- holder returns the claim that a lane is under, if it is under one.
local function holder(claim)
  if claim and claim ~= "" and string.sub(claim, 1, 1) ~= "-" then
    return claim
  end
  return nil
end

-- tried returns the number of attempts in the field attempts.
local function tried(attempts)
  return tonumber(string.match(attempts or "", "^%d+") or 0)
end

-- tried_again returns the field attempts after one more attempt.
local function tried_again(attempts)
  return (string.gsub(attempts or "0", "^%d+", function(n) return int(n + 1) end))
end

-- push_event puts the event that the job has changed its status at the end of
-- its deliver lane. It returns whether that made the lane due.
local function push_event(job, events, ready, member, status, at, now)
  local sequence = redis.call("HINCRBY", job, "events", 1)
  local waiting = redis.call("RPUSH", events, sequence .. " " .. status .. " " .. int(at))
  if waiting > 1 then
    return false
  end
  redis.call("ZADD", ready, int(now), member)
  return true
end
