-- settle_events takes several requests for the deliver lanes of a shard at
-- once. Each ends attempts at the events at the head of a lane, or claims a lane,
-- or both.
--
-- Attempts are ended unless their claim is lost, and recorded: the events are
-- done and leave the lane, or the last one stays and the lane is due again after
-- a delay. With the last event of a job that is final its retention begins. The
-- lane is granted again if it has another event and its endpoint may be asked, else
-- one whose account and endpoint have waited longest for their turn, but for lanes
-- whose lease ran out or whose keys are gone: those are left to claim_event.
--
-- A request on a lane with a damaged key concerns no other: if it is not alone
-- nothing becomes of it, and it is to be made again, alone, to fail.
--
-- KEYS[1..3]  see lib/events.lua
-- ARGV[1..4]  see lib/events.lua
-- ARGV[5..11] see lib/breaker.lua
-- ARGV[12]    how many records of attempts are kept with a job
-- ARGV[13]    the weights of accounts, see lib/turns.lua; or ""
-- ARGV[14..26] of the first request, and so on for each further one:
--             the lane, <account>:<job>, or "" to end nothing;
--             id of its claim;
--             id of the claim to make, random, or "" to make none;
--             number of events that were attempted;
--             the last of them, as it was granted;
--             delay until it is tried again, in ms; "" if it is done;
--             record of the attempts, of which no two are the same;
--             how long the records and the job are kept from the end on, in ms;
--             id of the endpoint, and its name;
--             how it did, see hear in lib/breaker.lua, and how long it asks to be
--             left alone, in ms, or "";
--             "" or, if the last event is given up, what becomes of those behind it,
--             "continue", "halt" or "latest", and in one word why
-- Built from KEYS[1]: claims:deliver, clock, d:, dead:, e:, endpoint:,
--   endpoints:, flight:, halted:, held, j:, open, ready:deliver, t:,
--   turn:deliver
--
-- Returns {"done", reply, ...}, for each request {"stale"}; {"alone"}; {"ask"}
-- if it only claims, and claim_event is to be asked; a grant, see lib/events.lua;
-- or {"next", ring, claim, now, event, ...} for the next events of the same lane.

local BEGIN, WIDTH = 14, 13
local UNFINISHED = "1 " -- with which the field state of a job begins that is not final
local most = tonumber(ARGV[12])
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
    local state = redis.call("HGET", job, "state")
    if state and string.sub(state, 1, 2) == UNFINISHED then
      return
    end
  end
  redis.call("PEXPIRE", job, kept)
  redis.call("PEXPIRE", KEYS[1] .. "t:" .. lane, kept)
end

-- try_again keeps the last of so many events that were attempted at the head of
-- its lane until after the delay.
local function try_again(e, lane, claim, count, state, delay)
  local key = KEYS[1] .. "d:" .. lane
  redis.call("HSET", key, "claim", "-failed " .. claim, "attempts", tried_again(count == 1 and state[3] or "0"), "refused", "1")
  if count > 1 then
    redis.call("HSET", key, "since", NOW)
  end
  lane_waits(e, lane, now + delay)
  if state[2] then
    redis.call("HDEL", key, "next")
    wake_waiting(e, state[2])
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
local function give_back(e, lane, claim)
  local state = KEYS[1] .. "d:" .. lane
  redis.call("HSET", state, "claim", "-committed " .. claim, "attempts", "0")
  redis.call("HDEL", state, "since")
  lane_waits(e, lane, now)
  rung = true
end

-- end_lane ends a lane whose last event is done.
local function end_lane(e, lane, last, next, kept)
  redis.call("DEL", KEYS[1] .. "d:" .. lane, KEYS[1] .. "e:" .. lane)
  start_retention(lane, last, kept)
  wake_waiting(e, next)
end

-- room_of reports whether the lane of a request may go on in its slot.
local function room_of(e)
  return e.limit <= now and not e.open and ARGV[4] == "0"
end

-- give_up keeps the last of the events that were attempted, which is given up, and
-- those behind it that are needless then. It returns how many these are, or nil if
-- the lane is to wait for an operator.
local function give_up(e, lane, events, count, kept, verdict)
  local policy, why = string.match(verdict, "^(%S+) (%S+)$")
  bury(e, lane, events[count], why, kept)
  if policy == "halt" then
    return nil
  end
  local beside = policy == "latest" and superseded(events, count + 1) or 0
  for n = count + 1, count + beside do
    bury(e, lane, events[n], "superseded", kept)
  end
  return beside
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
  local e = endpoint_at(string.match(lane, "^[^:]*"), ARGV[r + 8])
  read_endpoint(e)
  local following, after, before = events[count + 1], nil, nil
  if following and fresh ~= "" then
    after = after_of(lane, events, count + 1)
    before = waits_for(e, lane, following, after)
  end
  if redis.call("RPUSH", records, record) > most then
    redis.call("LTRIM", records, -most, "-1")
  end
  e.woken = e.woken or e.full
  e.full = false
  lane_lands(e, lane)
  hear(e, ARGV[r + 10], count, ARGV[r + 11], ARGV[r + 9])
  local done = delay == "" and count or count - 1
  if ARGV[r + 12] ~= "" then
    local beside = give_up(e, lane, events, count, ARGV[r + 7], ARGV[r + 12])
    if not beside then
      delay = "halt"
    end
    done = beside and count + beside or count - 1
    following, before = events[done + 1], nil
  end
  if delay == "" and not following then
    end_lane(e, lane, last, state[2], ARGV[r + 7])
    rung = rung or state[2] and fresh == ""
    return nil
  end
  if done > 0 then
    redis.call("LTRIM", list, done, "-1")
  end
  if delay == "halt" then
    halt(e, lane, claim)
    wake_waiting(e, state[2])
    rung = rung or state[2] and fresh == ""
    return nil
  end
  if delay ~= "" then
    rung = rung or state[2] and fresh == ""
    return try_again(e, lane, claim, count, state, delay)
  end
  if state[4] then
    redis.call("HDEL", key, "refused")
  end
  if fresh == "" or not room_of(e) then
    return give_back(e, lane, claim)
  end
  if before then
    return wait(e, lane, before)
  end
  hold(e, lane, fresh, "0", NOW)
  return add_events({ "next", 0, fresh, NOW }, e, lane, events, done + 1, after)
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
local function take(e, lane, score, claim)
  local state = redis.call("HMGET", KEYS[1] .. "d:" .. lane, "attempts", "since", "claim")
  if holder(state[3]) then
    return nil, "lapsed"
  end
  return grant(e, lane, score, claim, state[1] or "0", state[2] or NOW)
end

-- grant_some grants lanes of an endpoint that are due, so many at most, to the
-- requests from the nth on. It returns how many had one, how many had to wait,
-- whether lanes are left, and whether one of them is to be left to claim_event.
local function grant_some(e, part, n, wants, replies)
  look_at(e)
  local had, waited, asked = 0, 0, e.lapsed ~= nil
  if e.free <= 0 then
    return 0, 0, asked, asked
  end
  part = math.min(part, e.free)
  local lanes = due_lanes(DELIVER, e.name, now, part + 1, e.owner)
  for i = 1, #lanes, 2 do
    if had == part or e.free <= 0 then
      e.waiting = lanes[i + 1]
      return had, waited, asked or e.free > 0, asked
    end
    local sound, granted, trouble = pcall(take, e, lanes[i], due_from(e, lanes[i + 1]), ARGV[wants[n + had] + 2])
    if sound and (granted or trouble == "waiting") then
      lane_gone(e, lanes[i])
    end
    if sound and granted then
      use(e, #granted - FIRST + 1)
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

-- grant_account does it for the endpoints of an account, which take turns, too. If the
-- account is the only one that is due, and the endpoint, there are no turns to take:
-- it returns that, too.
local function grant_account(owner, part, n, wants, replies, alone)
  local had, waited, left, asked = 0, 0, false, false
  local ids = due_endpoints(owner, part + 1)
  alone = alone and #ids == 1
  local each = math.max(math.floor(part / #ids), 1)
  for _, id in ipairs(ids) do
    if had == part then
      return had, waited, true, asked, alone
    end
    local e = endpoint_at(owner, id)
    local sound, h, w, more, trouble = pcall(grant_some, e, math.min(each, part - had), n + had, wants, replies)
    if sound then
      had, waited, left, asked = had + h, waited + w, left or more, asked or trouble
      e.turn, e.alone = not trouble and not alone, alone
    else
      e.touched, asked = true, true
    end
  end
  return had, waited, left, asked, alone
end

-- part_of_one returns how many of so many lanes an account is to have that weighs 1.
local function part_of_one(want, accounts)
  local weights, all = ARGV[13], #accounts
  if weights ~= "" then
    all = 0
    for _, owner in ipairs(accounts) do
      all = all + weight_of(owner, weights)
    end
  end
  return math.max(math.floor(want / all), 1)
end

-- grant_turns grants lanes that are due to the requests from the nth on. Accounts
-- take turns, and each has a part by its weight. It returns as grant_some does.
local function grant_turns(n, wants, replies)
  local want, had, waited, left, asked = #wants - n + 1, 0, 0, false, false
  local accounts = due_accounts(DELIVER, now, want + 1)
  local alone_due = #accounts == 1
  local unit = part_of_one(want, accounts)
  for _, owner in ipairs(accounts) do
    if had == want then
      return had, waited, true, asked
    end
    local part = alone_due and want or part_of(owner, unit, ARGV[13])
    local h, w, more, trouble, alone = grant_account(owner, math.min(part, want - had), n + had, wants, replies, alone_due)
    had, waited, left = had + h, waited + w, left or more
    if trouble then -- the account keeps its turn, for claim_event
      asked = true
    elseif not alone then
      end_turn(owner, h, had == want and more and part or h)
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

-- place_woken writes what changed of lanes, and places the endpoints at which one
-- became due or may be claimed again. The others are placed at the end.
local function place_woken()
  for _, e in pairs(of_step) do
    if e.touched then
      write_lanes(e)
    end
    if e.woken then
      place_endpoint(e)
    end
  end
  place_accounts(DELIVER, now)
end

local ended, claims = {}, false
for r = BEGIN, #ARGV, WIDTH do
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
for r = BEGIN, #ARGV, WIDTH do
  local sound = true
  if #ARGV == BEGIN - 1 + WIDTH and ARGV[r] ~= "" then
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
place_woken()
local had, left = grant_due(wants, replies)
write()
for n = had + 1, #wants do
  replies[wants[n]] = { ARGV[wants[n]] == "" and left and "ask" or "idle", 0 }
end
local all = { "done" }
for r = BEGIN, #ARGV, WIDTH do
  local reply = replies[r] or { "idle", 0 }
  if (rung or claims and left) and reply[2] == 0 then
    reply[2] = ring(KEYS[3], true, now)
    rung, claims = false, false
  end
  all[#all + 1] = reply
end
return all
