-- events is put, after lane, in front of the scripts that grant events.
--
-- They share their first keys and their first argument:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:deliver    sorted set, see lib/lane.lua
-- KEYS[3]  tw:{s}:bell:deliver     string, until when a ring is on its way
-- ARGV[1]  lease, in ms
--
-- Which lane is granted only the script can know. From the prefix it builds
-- claims:deliver, and d:, e: and j: of the lane, as doc.go describes them.
--
-- A grant is the reply {"granted", ring, lane, claim, attempt, since when the
-- event is attempted, since when it is due, conversation, body, event, ...},
-- body being that of the job, with the events that follow and need not wait.
-- Without one the reply is {"idle", ring}.
-- Used by:
--   CLAIMS: claim_event, settle_events
--   add_events: claim_event, settle_events
--   grant: claim_event, settle_events
--   granted_before: claim_event, settle_events
--   hold: claim_event, settle_events
--   wait: claim_event, settle_events
--   waits_for: claim_event, settle_events
--   wake_waiting: settle_events
--   write: claim_event, settle_events

local CLAIMS = KEYS[1] .. "claims:deliver"

-- How many events of a lane are granted at most. Numbers are given to commands
-- as text where they can be: to format one costs as much as a small command.
local RUN, END_OF_RUN, END_OF_TWO_RUNS = 4, "3", "7"

local now = clock()
local NOW, LEASED = int(now), now + ARGV[1]

local held = {} -- claims and lanes, to be written to CLAIMS at once

-- write writes them, and what changed in the ready index.
local function write()
  place_accounts(KEYS[2], now)
  if held[1] then
    redis.call("HSET", CLAIMS, unpack(held))
    held = {}
  end
end

-- hold puts a lane under a claim, after attempts at its head that ended without
-- effect, the first of which began since.
local function hold(lane, claim, attempts, since)
  redis.call("HSET", KEYS[1] .. "d:" .. lane, "claim", claim, "attempts", attempts, "since", since)
  due_at(KEYS[2], lane, LEASED)
  held[#held + 1] = claim
  held[#held + 1] = lane
end

-- The in_progress of a job waits for the last event of the job before it in
-- the conversation, so that a receiver never sees two of them in progress. It
-- waits until the receiver has failed to take an event of that job once: from
-- then on an event in trouble holds back its own job only. Whether a claim or
-- a reply was lost, or a dispatcher died, makes no difference. Who waits is
-- noted as next in the state of whom it waits for, and is due again as soon as
-- that one is out of its way.

-- waits_for returns the lane that the head of another one, which was not
-- attempted yet, has to wait for, or nil: the lane of the job after which it
-- comes, if that has events of which the receiver has refused none.
local function waits_for(lane, head, after)
  if not after or after == "" or not string.find(head, " in_progress ", 1, true) then
    return nil
  end
  local before = string.match(lane, "^[^:]*:") .. after
  if redis.call("EXISTS", KEYS[1] .. "e:" .. before) == 1 and redis.pcall("HEXISTS", KEYS[1] .. "d:" .. before, "refused") == 0 then
    return before
  end
  return nil
end

-- wait has a lane wait for another one.
local function wait(lane, before)
  redis.call("HSET", KEYS[1] .. "d:" .. before, "next", lane)
  redis.call("HDEL", KEYS[1] .. "d:" .. lane, "claim", "attempts", "since")
  due_at(KEYS[2], lane, LEASED)
end

-- wake_waiting makes the lane due that waits for one that is out of its way now.
local function wake_waiting(waiting)
  if waiting then
    write() -- it may have begun to wait in this very call
    local owner = string.match(waiting, "^[^:]*")
    redis.call("ZADD", KEYS[2] .. ":" .. owner, "XX", NOW, waiting)
    touch(KEYS[2], owner)
  end
end

-- add_events adds to a reply the events from the given one on, but none that has
-- to wait, nor what comes after it.
local function add_events(reply, lane, events, from, after)
  for n = from, math.min(#events, from + RUN - 1) do
    if n > from and waits_for(lane, events[n], after) then
      break
    end
    reply[#reply + 1] = events[n]
  end
  return reply
end

-- grant grants the head of a lane that has been due since a time. Else it
-- returns nil and "waiting" if the lane has to wait, "gone" if its job or its
-- list is.
local function grant(lane, due_since, claim, attempts, since)
  local events = redis.call("LRANGE", KEYS[1] .. "e:" .. lane, "0", END_OF_RUN)
  local job = redis.call("HMGET", KEYS[1] .. "j:" .. lane, "conv", "body", "after")
  if not events[1] or not job[1] then
    return nil, "gone"
  end
  local before = attempts == "0" and waits_for(lane, events[1], job[3])
  if before then
    wait(lane, before)
    return nil, "waiting"
  end
  hold(lane, claim, attempts, since)
  return add_events({ "granted", 0, lane, claim, tried(attempts) + 1, since, due_since, job[1], job[2] or "" }, lane, events, 1, job[3])
end

-- granted_before returns the grant of a claim that holds a lane already, whose
-- caller has not heard of it, or nil.
local function granted_before(claim)
  local lane = redis.call("HGET", CLAIMS, claim)
  if not lane then
    return nil
  end
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "claim", "attempts", "since")
  if state[1] ~= claim then
    return nil
  end
  return (grant(lane, NOW, claim, state[2] or "0", state[3] or NOW))
end
