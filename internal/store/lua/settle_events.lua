-- settle_events takes several requests for the deliver lanes of a shard at
-- once. Each ends attempts at the events at the head of a lane, or claims a lane,
-- or both.
--
-- Attempts are ended unless their claim is lost, and recorded: the events are
-- done and leave the lane, or the last one stays and the lane is due again after
-- a delay. With the last event of a job that is final its retention begins. The
-- lane is granted again if it has another event, else the one that has been due
-- longest, but for lanes whose lease ran out or whose keys are gone: those are
-- left to claim_event.
--
-- A request on a lane with a damaged key concerns no other: if it is not alone
-- nothing becomes of it, and it is to be made again, alone, to fail.
--
-- KEYS[1..3]  see lib/events.lua
-- Built from KEYS[1]: claims:deliver, clock, d:, e:, j:, t:
-- ARGV[1]     lease, in ms
-- ARGV[2]     how many records of attempts are kept with a job
-- ARGV[3..10] of the first request, and so on for each further one:
--             the lane, <account>:<job>, or "" to end nothing;
--             id of its claim;
--             id of the claim to make, random, or "" to make none;
--             number of events that were attempted;
--             the last of them, as it was granted;
--             delay until it is tried again, in ms; "" if it is done;
--             record of the attempts, of which no two are the same;
--             how long the records and the job are kept from the end on, in ms
--
-- Returns {"done", reply, ...}, for each request {"stale"}; {"alone"}; {"ask"}
-- if it only claims, and claim_event is to be asked; a grant, see lib/events.lua;
-- or {"next", ring, claim, now, event, ...} for the next events of the same lane.

local WIDTH = 8
local most = tonumber(ARGV[2])
local rung = false -- whether to ring

-- settled_before answers a request whose claim is not the lane's: with the
-- first answer if it was made before, else that the claim is stale.
local function settled_before(records, record, fresh)
  local granted = fresh ~= "" and granted_before(fresh)
  if granted then
    return granted
  end
  for _, r in ipairs(redis.call("LRANGE", records, "-10", "-1")) do
    if r == record then -- these very attempts were settled, and the reply got lost
      rung = true
      return { "idle", 0 }
    end
  end
  return { "stale" }
end

-- start_retention lets the records and the job expire if the job is final, the
-- event being its last one.
local function start_retention(lane, event, kept)
  local job = KEYS[1] .. "j:" .. lane
  if not string.find(event, " completed ", 1, true) then
    local status = redis.call("HGET", job, "status")
    if status == "scheduled" or status == "in_progress" then
      return
    end
  end
  redis.call("PEXPIRE", job, kept)
  redis.call("PEXPIRE", KEYS[1] .. "t:" .. lane, kept)
end

-- try_again keeps the last of so many events that were attempted at the head of
-- its lane until after the delay.
local function try_again(lane, claim, count, state, delay)
  local key = KEYS[1] .. "d:" .. lane
  redis.call("HSET", key, "claim", "-failed " .. claim, "attempts", tried_again(count == 1 and state[3] or "0"), "refused", "1")
  if count > 1 then
    redis.call("HSET", key, "since", NOW)
  end
  due_at(KEYS[2], lane, now + delay)
  if state[2] then
    redis.call("HDEL", key, "next")
    wake_waiting(state[2])
  end
end

-- after_of returns the job that a lane's comes after, if that matters to one of
-- the events from the given one on.
local function after_of(lane, events, from)
  for n = from, #events do
    if string.find(events[n], " in_progress ", 1, true) then
      return redis.call("HGET", KEYS[1] .. "j:" .. lane, "after")
    end
  end
  return nil
end

-- give_back makes a lane due that has more events and is not granted again.
local function give_back(lane, claim)
  local state = KEYS[1] .. "d:" .. lane
  redis.call("HSET", state, "claim", "-committed " .. claim, "attempts", "0")
  redis.call("HDEL", state, "since")
  due_at(KEYS[2], lane, now)
  rung = true
end

-- settle ends the attempts of the request that begins at ARGV[r]. It returns the
-- reply, or nil if the request may claim another lane. What may fail for what a
-- key holds comes before all that changes something.
local function settle(r)
  local lane, claim, fresh, count = ARGV[r], ARGV[r + 1], ARGV[r + 2], tonumber(ARGV[r + 3])
  local last, delay, record = ARGV[r + 4], ARGV[r + 5], ARGV[r + 6]
  local list, records, key = KEYS[1] .. "e:" .. lane, KEYS[1] .. "t:" .. lane, KEYS[1] .. "d:" .. lane
  local state = redis.call("HMGET", key, "claim", "next", "attempts", "refused")
  local events = redis.call("LRANGE", list, "0", END_OF_TWO_RUNS)
  if state[1] ~= claim or events[count] ~= last then
    return settled_before(records, record, fresh)
  end
  local following, after, before = events[count + 1], nil, nil
  if following and fresh ~= "" then
    after = after_of(lane, events, count + 1)
    before = waits_for(lane, following, after)
  end
  if redis.call("RPUSH", records, record) > most then
    redis.call("LTRIM", records, -most, "-1")
  end
  if delay == "" and not following then
    not_due(KEYS[2], lane)
    redis.call("DEL", key, list)
    start_retention(lane, last, ARGV[r + 7])
    wake_waiting(state[2])
    rung = rung or state[2] and fresh == ""
    return nil
  end
  if delay == "" or count > 1 then
    redis.call("LTRIM", list, delay == "" and count or count - 1, "-1")
  end
  if delay ~= "" then
    rung = rung or state[2] and fresh == ""
    return try_again(lane, claim, count, state, delay)
  end
  if state[4] then
    redis.call("HDEL", key, "refused")
  end
  if fresh == "" then
    return give_back(lane, claim)
  end
  if before then
    return wait(lane, before)
  end
  hold(lane, fresh, "0", NOW)
  return add_events({ "next", 0, fresh, NOW }, lane, events, count + 1, after)
end

-- answer makes the request that begins at ARGV[r]. It returns the reply, or nil
-- if the request may claim a lane.
local function answer(r)
  if ARGV[r] == "" then
    return granted_before(ARGV[r + 2])
  end
  return settle(r)
end

-- take grants a lane that is due, unless it is to be left to claim_event.
local function take(lane, score, claim)
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "attempts", "since", "claim")
  if holder(state[3]) then
    return nil, "lapsed"
  end
  return grant(lane, score, claim, state[1] or "0", state[2] or NOW)
end

-- grant_some grants lanes of an account that are due, so many at most, to the
-- requests from the nth on. It returns how many had one, how many had to wait,
-- whether lanes are left, and whether one of them is to be left to claim_event.
local function grant_some(owner, part, n, wants, replies)
  local had, waited, asked = 0, 0, false
  local lanes = due_lanes(KEYS[2], owner, now, part + 1)
  for i = 1, #lanes, 2 do
    if had == part then
      return had, waited, true, asked
    end
    local sound, granted, trouble = pcall(take, lanes[i], lanes[i + 1], ARGV[wants[n + had] + 2])
    if sound and granted then
      replies[wants[n + had]] = granted
      had = had + 1
    elseif trouble == "waiting" then
      waited = waited + 1
    else
      asked = true
    end
  end
  return had, waited, asked, asked
end

-- grant_turns grants lanes that are due to the requests from the nth on. Accounts
-- take turns, and each has an equal part. It returns as grant_some does.
local function grant_turns(n, wants, replies)
  local want, had, waited, left, asked = #wants - n + 1, 0, 0, false, false
  local accounts = due_accounts(KEYS[2], now, want + 1)
  local part = math.max(math.floor(want / #accounts), 1)
  for _, owner in ipairs(accounts) do
    if had == want then
      return had, waited, true, asked
    end
    local h, w, more, trouble = grant_some(owner, math.min(part, want - had), n + had, wants, replies)
    had, waited, left = had + h, waited + w, left or more
    if trouble then -- the account keeps its turn, for claim_event
      asked = true
    else
      take_turn(KEYS[2], owner)
    end
  end
  return had, waited, left, asked
end

-- grant_due grants lanes that are due to the requests that begin at the given
-- places. It returns how many had one, and whether lanes are left that are due.
local function grant_due(wants, replies)
  local n, left = 0, false
  while n < #wants do
    local had, waited, more, asked = grant_turns(n + 1, wants, replies)
    n, left, rung = n + had, more, rung or asked
    write()
    if asked or had + waited == 0 then
      break
    end
  end
  return n, left
end

local ended, claims = {}, false
for r = 3, #ARGV, WIDTH do
  if ARGV[r] == "" then
    claims = true
  else
    ended[#ended + 1] = ARGV[r + 1]
  end
end
if claims then
  redis.call("DEL", KEYS[3]) -- the ring that led here has arrived
end
if ended[1] then
  redis.call("HDEL", CLAIMS, unpack(ended)) -- first, see lib/lane.lua
end
keep_clock()

local replies, wants = {}, {} -- by where the request begins
for r = 3, #ARGV, WIDTH do
  local sound = true
  if #ARGV == 2 + WIDTH and ARGV[r] ~= "" then
    replies[r] = settle(r)
  else
    sound, replies[r] = pcall(answer, r)
  end
  if not sound then
    replies[r] = { ARGV[r] == "" and "ask" or "alone" }
  elseif not replies[r] and ARGV[r + 2] ~= "" then
    wants[#wants + 1] = r
  end
end
write()
local had, left = grant_due(wants, replies)
for n = had + 1, #wants do
  replies[wants[n]] = { ARGV[wants[n]] == "" and left and "ask" or "idle", 0 }
end
local all = { "done" }
for r = 3, #ARGV, WIDTH do
  local reply = replies[r] or { "idle", 0 }
  if (rung or claims and left) and reply[2] == 0 then
    reply[2] = ring(KEYS[3], true, now)
    rung, claims = false, false
  end
  all[#all + 1] = reply
end
return all
