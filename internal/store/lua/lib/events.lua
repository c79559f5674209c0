-- events is put, after lane and endpoints, in front of the scripts that grant events.
--
-- They share their first keys and their first arguments:
--
-- KEYS[1]  tw:{s}:                 the prefix of all keys of the shard, none itself
-- KEYS[2]  tw:{s}:ready:deliver    sorted set, see lib/endpoints.lua
-- KEYS[3]  tw:{s}:bell:deliver     string, until when a ring is on its way
-- ARGV[1]  lease, in ms
-- ARGV[2]  how many lanes of an endpoint may be under a lease at once
-- ARGV[3]  how many of one that is slow, or of which that is not known
-- ARGV[4]  how long the events of an endpoint are apart, in ms; 0 for no time
--
-- Which lane is granted only the script can know. From the prefix it builds
-- claims:deliver, and d:, e: and j: of the lane, as doc.go describes them.
--
-- A grant is the reply {"granted", ring, lane, claim, attempt, since when the
-- event is attempted, since when it is due, conversation, body, endpoint, since when
-- that is open or "", event, ...}, body being that of the job, with the events that
-- follow and need not wait. Without one the reply is {"idle", ring}.
-- Used by:
--   CLAIMS: claim_event, put_off_event, settle_events
--   add_events: claim_event, settle_events
--   conversation_of: claim_event, settle_events
--   due_from: claim_event, settle_events
--   grant: claim_event, settle_events
--   granted_before: claim_event, settle_events
--   hold: claim_event, settle_events
--   look_at: claim_event, put_off_event, settle_events
--   open_since: claim_event, settle_events
--   slots: claim_event, put_off_event, settle_events
--   use: claim_event, settle_events
--   wait: claim_event, settle_events
--   waits_for: claim_event, settle_events
--   wake_waiting: settle_events
--   write: claim_event, put_off_event, settle_events

local CLAIMS = KEYS[1] .. "claims:deliver"

-- How many events of a lane are granted at most. Numbers are given to commands
-- as text where they can be: to format one costs as much as a small command.
local RUN, END_OF_RUN, END_OF_TWO_RUNS = 4, "3", "7"

local now = clock()
local NOW, LEASED = int(now), now + ARGV[1]

local held = {} -- claims and lanes, to be written to CLAIMS at once

-- write writes them, and what changed of endpoints.
local function write()
  place_endpoints()
  if held[1] then
    redis.call("HSET", CLAIMS, unpack(held))
    held = {}
  end
end

-- slots returns how many lanes of an endpoint may be under a lease: one if it is open,
-- since that is its probe.
local function slots(e)
  if e.open then
    return 1
  end
  return tonumber(e.fast > now and ARGV[2] or ARGV[3])
end

-- look_at finds out how many slots of an endpoint are free, and whether the lease of
-- one has run out. Of one that may not be asked none is.
local function look_at(e)
  e.turn, e.touched = true, true
  read_endpoint(e)
  e.free, e.lapsed = 0, nil
  if e.limit > now then
    return
  end
  local flying = redis.call("ZRANGE", FLIGHT .. e.name, "0", "0", "WITHSCORES")
  if flying[2] and tonumber(flying[2]) <= now then
    e.lapsed, e.lapsed_at = flying[1], flying[2]
  end
  e.free = slots(e) - (flying[2] and redis.call("ZCARD", FLIGHT .. e.name) or 0)
  e.full = e.free <= 0 and "1"
  if not e.lapsed then
    e.known, e.flying = true, flying[2]
  end
end

-- due_from returns since when a lane of an endpoint could have been claimed that is due
-- since a time: not while the endpoint was not to be asked, or had no slot.
local function due_from(e, time)
  return e.crowded and NOW or int(math.max(tonumber(time), e.limit))
end

-- use takes a slot of an endpoint, and of its rate what so many events need.
local function use(e, events)
  e.free = e.free - 1
  if e.free <= 0 then
    e.full = "1"
  end
  local apart = tonumber(ARGV[4])
  if apart > 0 then
    local key = ENDPOINT .. e.name
    local free = math.max(tonumber(redis.call("HGET", key, "free") or 0), now) + apart * events
    e.limit = math.max(free - math.max(1000 - apart, 0) , e.limit)
    redis.call("HSET", key, "free", int(free), "until", int(e.limit))
    if e.limit > now then
      e.free = 0
    end
  end
end

-- hold puts a lane under a claim, after attempts at its head that ended without
-- effect, the first of which began since.
local function hold(e, lane, claim, attempts, since)
  redis.call("HSET", KEYS[1] .. "d:" .. lane, "claim", claim, "attempts", attempts, "since", since, "began", NOW)
  lane_flies(e, lane, LEASED)
  held[#held + 1] = claim
  held[#held + 1] = lane .. " " .. e.id
end

-- The in_progress of a job waits for the last event of the job before it in
-- the conversation that has the same endpoint, so that a receiver never sees two of
-- them in progress. It waits until the receiver has failed to take an event of that
-- job once: from then on an event in trouble holds back its own job only. Whether a
-- claim or a reply was lost, or a dispatcher died, makes no difference. Who waits is
-- noted as next in the state of whom it waits for, and is due again as soon as
-- that one is out of its way.

-- waits_for returns the lane that the head of another one, which was not
-- attempted yet, has to wait for, or nil: the lane of the job after which it
-- comes, if that has events for the same endpoint, which has refused none.
local function waits_for(e, lane, head, after)
  if not after or after == "" or not string.find(head, " in_progress ", 1, true) then
    return nil
  end
  local before = e.owner .. ":" .. after
  if redis.call("EXISTS", KEYS[1] .. "e:" .. before) == 1 and redis.pcall("HEXISTS", KEYS[1] .. "d:" .. before, "refused") == 0
    and redis.call("HGET", KEYS[1] .. "j:" .. before, "hook") == e.id then
    return before
  end
  return nil
end

-- wait has a lane wait for another one.
local function wait(e, lane, before)
  redis.call("HSET", KEYS[1] .. "d:" .. before, "next", lane)
  redis.call("HDEL", KEYS[1] .. "d:" .. lane, "claim", "attempts", "since")
  lane_waits(e, lane, LEASED)
end

-- wake_waiting makes the lane due that waits for one that is out of its way now.
local function wake_waiting(e, waiting)
  if waiting then
    write_lanes(e) -- it may have begun to wait in this very call
    redis.call("ZADD", KEYS[2] .. ":" .. e.name, "XX", NOW, waiting)
    e.touched, e.woken = true, true
  end
end

-- add_events adds to a reply the events from the given one on, but none that has
-- to wait, nor what comes after it.
local function add_events(reply, e, lane, events, from, after)
  for n = from, math.min(#events, from + RUN - 1) do
    if n > from and waits_for(e, lane, events[n], after) then
      break
    end
    reply[#reply + 1] = events[n]
  end
  return reply
end

-- open_since returns since when an endpoint is open, or "".
local function open_since(e)
  return e.open and redis.call("HGET", ENDPOINT .. e.name, "opened") or ""
end

-- conversation_of returns the conversation of a job from its field state, see doc.go,
-- or nil if the job is gone.
local function conversation_of(state)
  return state and string.match(state, "^%d (%S+)")
end

-- grant grants the head of a lane that has been due since a time. Else it
-- returns nil and "waiting" if the lane has to wait, "gone" if its job or its
-- list is.
local function grant(e, lane, due_since, claim, attempts, since)
  local events = redis.call("LRANGE", KEYS[1] .. "e:" .. lane, "0", END_OF_RUN)
  local job = redis.call("HMGET", KEYS[1] .. "j:" .. lane, "state", "body", "after")
  local conversation = conversation_of(job[1])
  if not events[1] or not conversation then
    return nil, "gone"
  end
  local before = attempts == "0" and waits_for(e, lane, events[1], job[3])
  if before then
    wait(e, lane, before)
    return nil, "waiting"
  end
  hold(e, lane, claim, attempts, since)
  return add_events({
    "granted", 0, lane, claim, tried(attempts) + 1, since, due_since, conversation, job[2] or "", e.id, open_since(e),
  }, e, lane, events, 1, job[3])
end

-- FIRST is where the events begin in a grant.
local FIRST = 12

-- granted_before returns the grant of a claim that holds a lane already, whose
-- caller has not heard of it, or nil.
local function granted_before(claim)
  local lane, id = string.match(redis.call("HGET", CLAIMS, claim) or "", "^(%S+) (%S+)$")
  if not lane then
    return nil
  end
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "claim", "attempts", "since")
  if state[1] ~= claim then
    return nil
  end
  local e = endpoint_at(string.match(lane, "^[^:]*"), id)
  read_endpoint(e)
  return (grant(e, lane, NOW, claim, state[2] or "0", state[3] or NOW))
end
