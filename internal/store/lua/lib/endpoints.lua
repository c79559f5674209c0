-- endpoints is put, after lane, in front of every script about deliver lanes.
--
-- An endpoint is where the events of an account go: scheme, host and port, known by
-- an id. Its lanes wait at it, however many they are, and it takes its turn for all
-- of them, so that one that is dead or slow costs no more with many than with one:
--
--   tw:{s}:ready:deliver                       the accounts, as lib/lane.lua has them
--   tw:{s}:ready:deliver:<account>             sorted set, the account's endpoints that
--                                              have lanes; the score is when the endpoint
--                                              may be asked next, or, while it may be, when
--                                              it had its last turn
--   tw:{s}:ready:deliver:<account>:<endpoint>  sorted set, its lanes that wait; the score
--                                              is the time from which each may be claimed
--   tw:{s}:flight:<account>:<endpoint>         sorted set, its lanes under a lease, by the
--                                              deadline of that: the slots that are in use
--   tw:{s}:endpoint:<account>:<endpoint>       hash, see doc.go; of it this library needs
--                                              until, before which it is not to be asked, and
--                                              full, present if it has no slot left
--
-- A slot needs nobody to give it back: one whose deadline is over is known by that,
-- and its lane is claimed anew in it.
-- Used by:
--   DELIVER: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, steer_lane, test_event
--   ENDPOINT: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, steer_lane, test_event
--   FLIGHT: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, steer_lane, test_event
--   endpoint_at: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, steer_lane, test_event
--   endpoint_time: claim_event, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, test_event
--   lane_flies: claim_event, put_off_event, renew_event, settle_events
--   lane_gone: claim_event, settle_events
--   lane_lands: claim_event, release_event, settle_events
--   lane_waits: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, put_off_event, release_event,
--       resend_event, resend_events, settle_events, steer_lane, test_event
--   note_full: claim_event, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, test_event
--   place_endpoint: claim_event, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, test_event
--   place_endpoints: claim_event, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, test_event
--   push_event: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   pushed: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   read_endpoint: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, steer_lane, test_event
--   record_cut: claim_event, release_event
--   wake_endpoint: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   write_lanes: accept_jobs, claim_event, claim_jobs, commit_jobs,
--       delete_conversation, fail_job, go_on_event, hear_probe, put_off_event,
--       release_event, renew_event, resend_event, resend_events, settle_events,
--       steer_endpoint, steer_lane, test_event

local DELIVER = KEYS[1] .. "ready:deliver"
local FLIGHT = KEYS[1] .. "flight:"
local ENDPOINT = KEYS[1] .. "endpoint:"

local PAUSED = 9007199254740991 -- until, of an endpoint that is paused
local LATEST = 86400000 -- how long an endpoint is left alone at most before it is looked at again, in ms

local of_step = {} -- endpoints of this step, by account and id

-- endpoint_at returns what this step knows and changes of an endpoint.
local function endpoint_at(owner, id)
  local name = owner .. ":" .. id
  local e = of_step[name]
  if not e then
    e = { owner = owner, id = id, name = name, due = {}, gone = {}, flown = {}, landed = {} }
    of_step[name] = e
  end
  return e
end

-- read_endpoint reads what is kept of the endpoint, once in a step.
local function read_endpoint(e)
  if not e.limit then
    local kept = redis.call("HMGET", ENDPOINT .. e.name, "until", "full", "fast", "from", "open")
    e.limit, e.full, e.fast, e.from, e.open = tonumber(kept[1] or 0), kept[2], tonumber(kept[3] or 0), kept[4], kept[5]
    e.was_full, e.crowded = e.full, e.full
  end
end

-- lane_waits has a lane wait at its endpoint, to be claimed from a time on.
local function lane_waits(e, lane, time)
  e.touched, e.woken = true, e.woken or time <= moment
  e.due[#e.due + 1] = int(time)
  e.due[#e.due + 1] = lane
end

-- lane_flies has a lane of the endpoint be under a lease, until its deadline. That is
-- the first of all deadlines if no lane is under a lease.
local function lane_flies(e, lane, deadline)
  e.touched = true
  e.flying = e.flying or int(deadline)
  e.flown[#e.flown + 1] = int(deadline)
  e.flown[#e.flown + 1] = lane
end

-- lane_gone takes a lane out of those that wait.
local function lane_gone(e, lane)
  e.touched = true
  e.gone[#e.gone + 1] = lane
end

-- lane_lands ends the lease of a lane, and with it the use of a slot.
local function lane_lands(e, lane)
  e.touched, e.known = true, nil
  e.landed[#e.landed + 1] = lane
end

-- write_lanes writes which lanes of an endpoint wait and which are under a lease.
local function write_lanes(e)
  if e.landed[1] then
    redis.call("ZREM", FLIGHT .. e.name, unpack(e.landed))
    e.landed = {}
  end
  if e.gone[1] then
    redis.call("ZREM", DELIVER .. ":" .. e.name, unpack(e.gone))
    e.gone = {}
  end
  if e.flown[1] then
    redis.call("ZADD", FLIGHT .. e.name, unpack(e.flown))
    e.flown = {}
  end
  if e.due[1] then
    redis.call("ZADD", DELIVER .. ":" .. e.name, unpack(e.due))
    e.due = {}
  end
end

-- endpoint_time returns when an endpoint may be asked next: when a lane of it is due
-- and it has a slot, or when the first lease ends, but not before it may be asked
-- at all. It returns nil if it has no lanes.
local function endpoint_time(e)
  local waiting = e.waiting or redis.call("ZRANGE", DELIVER .. ":" .. e.name, "0", "0", "WITHSCORES")[2]
  local flying = e.flying
  if not e.known then
    flying = redis.call("ZRANGE", FLIGHT .. e.name, "0", "0", "WITHSCORES")[2]
  end
  if not waiting and not flying then
    return nil
  end
  read_endpoint(e)
  if not flying then
    e.full = false
  end
  local time = tonumber(flying or PAUSED)
  if waiting and not e.full then
    time = math.min(time, tonumber(waiting))
  end
  return math.min(math.max(time, e.limit), moment + LATEST)
end

-- note_full writes whether an endpoint has no slot left, if that changed.
local function note_full(e)
  if not e.limit or e.full == e.was_full then
    return
  end
  if e.full then
    redis.call("HSET", ENDPOINT .. e.name, "full", "1")
  else
    redis.call("HDEL", ENDPOINT .. e.name, "full")
  end
  e.was_full = e.full
end

-- place_endpoint has an endpoint stand where it belongs in the index of its account:
-- where it does if it is due, and no other was when it was found there. One whose keys
-- are damaged is left alone for a minute.
local function place_endpoint(e)
  local index = DELIVER .. ":" .. e.owner
  local sound, time = pcall(endpoint_time, e)
  if not sound then
    time = moment + 60000
  end
  local stays = e.alone and time and time <= moment
  if not time then
    redis.call("ZREM", index, e.id)
  elseif time > moment then
    redis.call("ZADD", index, int(time), e.id)
  elseif e.turn then
    redis.call("ZADD", index, turn_time(), e.id)
  elseif not stays then
    redis.call("ZADD", index, "LT", turn_time(), e.id)
  end
  e.turn, e.touched, e.woken, e.waiting, e.alone, e.known, e.flying = nil, nil, nil, nil, nil, nil, nil
  if not stays then
    touch(DELIVER, e.owner)
  end
end

-- place_endpoints writes what the step changed of endpoints, and where they and their
-- accounts stand.
local function place_endpoints()
  for _, e in pairs(of_step) do
    if e.touched then
      write_lanes(e)
      place_endpoint(e)
      note_full(e)
    end
  end
  place_accounts(DELIVER, moment)
end

-- record_cut keeps the record of an attempt that was cut short, if there was one.
local function record_cut(lane, record, most)
  local records = KEYS[1] .. "t:" .. lane
  if record ~= "" and redis.call("RPUSH", records, record) > tonumber(most) then
    redis.call("LTRIM", records, -tonumber(most), "-1")
  end
end

local arrivals = {} -- endpoints at which a lane became due because an event arrived
local woken = false -- whether that made one of them due

-- push_event puts the event that the job of a lane has changed its status at the end
-- of it. Its endpoint, if that is not known, stands in the job.
local function push_event(lane, endpoint, status, at, now)
  local job = KEYS[1] .. "j:" .. lane
  local sequence = redis.call("HINCRBY", job, "events", 1)
  if redis.call("RPUSH", KEYS[1] .. "e:" .. lane, sequence .. " " .. status .. " " .. int(at)) > 1 then
    return
  end
  if #endpoint < 2 then
    endpoint = redis.call("HGET", job, "hook") or "0"
  end
  local e = endpoint_at(string.match(lane, "^[^:]*"), endpoint)
  lane_waits(e, lane, now)
  arrivals[#arrivals + 1] = e
end

-- wake_endpoint has an endpoint asked at which a lane is due since now, as soon as it
-- may be. It returns whether that is so at once.
local function wake_endpoint(e)
  local index = DELIVER .. ":" .. e.owner
  local stands = redis.call("ZSCORE", index, e.id)
  if stands and tonumber(stands) <= moment then
    return true
  end
  read_endpoint(e)
  if e.full and stands then
    return false
  end
  local now = turn_time()
  local time = e.limit > moment and int(math.min(e.limit, moment + LATEST)) or now
  redis.call("ZADD", index, time, e.id)
  redis.call("ZADD", DELIVER, "LT", time, e.owner)
  return time == now
end

-- pushed writes which lanes became due because events arrived. It returns whether
-- one of them may be claimed at once.
local function pushed()
  for n, e in ipairs(arrivals) do
    if e.due[1] then
      write_lanes(e)
      woken = wake_endpoint(e) or woken
    end
    arrivals[n] = nil
  end
  return woken
end
