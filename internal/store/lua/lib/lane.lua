-- lane is put, after base, in front of every script about lanes.
--
-- All of these scripts have as their first key
--
-- KEYS[1]  tw:{s}:  the prefix of all keys of the shard, none itself
--
-- from which are built: clock, claims:append and claims:deliver, and whatever
-- the header of a script or of another library names.
--
-- A lane is named "<account>:<id>". It stands in the ready index of its shard,
-- which has two levels, so that accounts take turns however many lanes they have. That
-- of deliver lanes has one more between these, see lib/endpoints.lua.
--
--   tw:{s}:ready:<kind>:<account>  sorted set, the account's lanes; the score is the
--                                  time from which a lane may be claimed; of a lane
--                                  under a lease that is the deadline
--   tw:{s}:ready:<kind>            sorted set, the accounts that have lanes there; the
--                                  score is when the first of them is due, or, while
--                                  one is due, when the account had its last turn
--
-- So an account whose turn it was stands behind all others that have been waiting.
-- Times are those of the shard's clock.
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
--   change: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, put_off_lane, release_lane, renew_lane, steer_lane
--   clock: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       put_off_lane, release_event, release_lane, renew_event, renew_lane,
--       resend_event, resend_events, settle_events, steer_endpoint, steer_lane,
--       sweep_lanes, test_event
--   due_accounts: claim_event, claim_jobs, commit_jobs, put_off_event,
--       put_off_lane, settle_events
--   due_at: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, put_off_lane, release_lane, renew_lane, steer_lane
--   due_lane: put_off_lane
--   due_lanes: claim_event, claim_jobs, commit_jobs, put_off_event,
--       put_off_lane, settle_events
--   even_if_full: accept_jobs, claim_jobs, commit_jobs, fail_job, renew_event,
--       renew_lane, sweep_lanes
--   holder: claim_event, claim_jobs, commit_jobs, delete_conversation,
--       settle_events, steer_lane
--   keep_clock: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, release_event,
--       release_lane, renew_event, renew_lane, resend_event, resend_events,
--       settle_events, steer_endpoint, steer_lane, sweep_lanes, test_event
--   not_due: claim_jobs, commit_jobs, delete_conversation, fail_job,
--       steer_lane
--   place_accounts: claim_event, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, go_on_event, hear_probe, put_off_event, put_off_lane,
--       release_event, release_lane, renew_event, renew_lane, resend_event,
--       resend_events, settle_events, steer_endpoint, steer_lane, test_event
--   ring: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, release_event,
--       release_lane, resend_event, resend_events, settle_events, steer_endpoint,
--       steer_lane, sweep_lanes, test_event
--   take_turn: claim_event, claim_jobs, commit_jobs, put_off_event,
--       put_off_lane, settle_events
--   touch: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       put_off_lane, release_event, release_lane, renew_event, renew_lane,
--       resend_event, resend_events, settle_events, steer_endpoint, steer_lane,
--       test_event
--   tried: accept_jobs, claim_event, claim_jobs, commit_jobs, fail_job,
--       settle_events, steer_lane
--   tried_again: fail_job, settle_events
--   turn_time: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       put_off_lane, release_event, release_lane, renew_event, renew_lane,
--       resend_event, resend_events, settle_events, steer_endpoint, steer_lane,
--       test_event
--   weight_of: claim_event, claim_jobs, commit_jobs, put_off_event,
--       settle_events
--   write_ready: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       put_off_lane, release_event, release_lane, renew_event, renew_lane,
--       resend_event, resend_events, settle_events, steer_endpoint, steer_lane,
--       test_event

local BELL = 500 -- how long a ring may be on its way before it is repeated, in ms
local TICK = 100 -- how far the shard's clock may run ahead of what is kept of it, in ms

local clock_kept -- what to keep of the clock, if anything
local moment -- the time that clock returned
local stepped = false -- whether Redis' clock was found to have stepped back

-- clock returns the time by the clock of the shard. It is that of Redis, but
-- never goes back: where Redis' clock has stepped back it goes on from the
-- latest time that was kept, and then loses a quarter of its pace until both
-- agree again. Kept is "<latest time>", or "<latest time> <how far ahead of Redis>".
local function clock()
  local now = wall()
  local kept = redis.call("GET", KEYS[1] .. "clock") or "0"
  local seen, ahead = tonumber(kept), 0
  if not seen then
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
  moment = now + ahead
  return moment
end

-- keep_clock is called, once the clock was read, by scripts that write: after
-- their first write, see above.
local function keep_clock()
  if clock_kept then
    local seen, ahead = unpack(clock_kept)
    redis.call("SET", KEYS[1] .. "clock", int(seen) .. (ahead > 0 and " " .. int(ahead) or ""))
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

-- What changed in the ready indexes is written at once for all lanes of a step.
local changed = {} -- by ready index, by account: lanes with their scores, lanes to take out
local touched = {} -- by ready index, by account: "changed", or, if it had a turn, which one of those of the step that have an order

local function change(ready, lane)
  local owner = string.sub(lane, 1, string.find(lane, ":", 1, true) - 1)
  local accounts = changed[ready] or {}
  changed[ready] = accounts
  local c = accounts[owner] or { gone = {} }
  accounts[owner] = c
  return c
end

-- due_at has a lane stand in a ready index with a time from which it may be claimed.
local function due_at(ready, lane, time)
  local c = change(ready, lane)
  c[#c + 1] = int(time)
  c[#c + 1] = lane
  if not c.first or time < c.first then
    c.first = time
  end
end

-- not_due takes a lane out of a ready index.
local function not_due(ready, lane)
  local gone = change(ready, lane).gone
  gone[#gone + 1] = lane
end

-- touch notes that an account is to be placed anew.
local function touch(ready, owner)
  touched[ready] = touched[ready] or {}
  touched[ready][owner] = touched[ready][owner] or "changed"
end

-- turn_time returns the time as a score that tells turns of one millisecond apart, and
-- those of one step, the nth of which is meant.
local function turn_time(n)
  return int(moment) .. string.format(".%03d", math.min(micros % 1000 + (n or 0), 999))
end

-- write_ready writes what changed in a ready index. Accounts are not placed later
-- than they were, which is all that is needed where lanes only became due.
local function write_ready(ready)
  for owner, c in pairs(changed[ready] or {}) do
    if c.first then
      redis.call("ZADD", ready .. ":" .. owner, unpack(c))
      redis.call("ZADD", ready, "LT", c.first > moment and int(c.first) or turn_time(), owner)
    end
    if c.gone[1] then
      redis.call("ZREM", ready .. ":" .. owner, unpack(c.gone))
    end
    touch(ready, owner)
  end
  changed[ready] = nil
end

-- take_turn notes that it was the turn of an account: the nth one of a step in which
-- their order matters.
local function take_turn(ready, owner, n)
  touch(ready, owner)
  touched[ready][owner] = n or 0
end

-- place_accounts writes what changed in a ready index, and where the accounts stand.
-- One whose lanes are damaged is left alone for a minute.
local function place_accounts(ready, now)
  write_ready(ready)
  for owner, why in pairs(touched[ready] or {}) do
    local head = redis.pcall("ZRANGE", ready .. ":" .. owner, "0", "0", "WITHSCORES")
    if head.err then
      redis.call("ZADD", ready, int(now + 60000), owner)
    elseif not head[1] then
      redis.call("ZREM", ready, owner)
    elseif tonumber(head[2]) >= now + 1 then -- in this millisecond endpoints have their turns
      redis.call("ZADD", ready, head[2], owner)
    elseif why ~= "changed" then
      redis.call("ZADD", ready, turn_time(why), owner)
    else
      redis.call("ZADD", ready, "LT", turn_time(), owner)
    end
  end
  touched[ready] = nil
end

-- due_accounts returns the accounts whose turn it is, so many at most. Some may have
-- no lane that is due.
local function due_accounts(ready, now, most)
  return redis.call("ZRANGEBYSCORE", ready, "-inf", "(" .. int(now + 1), "LIMIT", "0", most)
end

-- due_lanes returns the lanes of an account that have been due longest, so many at
-- most, each with since when behind it; none if they are damaged. What is no lane
-- of the account is taken out. It does the same for an endpoint, given its name and
-- its account.
local function due_lanes(ready, owner, now, most, account)
  local index, prefix = ready .. ":" .. owner, (account or owner) .. ":"
  local lanes = redis.pcall("ZRANGEBYSCORE", index, "-inf", int(now), "WITHSCORES", "LIMIT", "0", most)
  for i = #lanes - 1, 1, -2 do
    if string.sub(lanes[i], 1, #prefix) ~= prefix then
      redis.call("ZREM", index, lanes[i])
      table.remove(lanes, i + 1)
      table.remove(lanes, i)
    end
  end
  return lanes
end

-- weight_of returns how many lanes of an account are granted for one of another, by weights
-- as lib/turns.lua has them.
local function weight_of(owner, weights)
  local _, from = string.find(weights, " " .. owner .. "=", 1, true)
  return from and tonumber(string.match(weights, "^%d+", from + 1)) or 1
end

-- due_lane returns the lane that is to be claimed next, since when it is due, and
-- whether there is another one. Its account has had its turn then.
local function due_lane(ready, now)
  for _, owner in ipairs(due_accounts(ready, now, 1000)) do
    take_turn(ready, owner)
    local lanes = due_lanes(ready, owner, now, 2)
    if lanes[1] then
      return lanes[1], lanes[2], lanes[3] ~= nil or #due_accounts(ready, now, 2) > 1
    end
  end
  return nil
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
