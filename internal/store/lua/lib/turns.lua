-- turns is put, after endpoints and events, in front of the scripts that look for
-- the deliver lane that is to be claimed next.
--
-- Accounts take turns. In a turn one has as many lanes granted as it weighs, or that
-- many times as often as another in a step that grants several to each. If a step ends
-- before a turn, the account keeps its place, and a key says how many lanes of the turn
-- it has had. Without it, as without weights, the turn begins anew. There is no need for
-- more than one such key, because the account that keeps its place is the first one.
--
--   tw:{s}:turn:deliver  string, "<account> <lanes>"; expires
--
-- Weights are, each between blanks, "<account>=<weight>" of those that do not weigh 1.
-- Used by:
--   TURN: claim_event, put_off_event, settle_events
--   due_endpoints: claim_event, put_off_event, settle_events
--   end_turn: claim_event, put_off_event, settle_events
--   next_at: claim_event, put_off_event
--   next_lane: claim_event, put_off_event
--   part_of: claim_event, put_off_event, settle_events

-- due_endpoints returns the endpoints of an account whose turn it is, so many at most;
-- none if they are damaged.
local function due_endpoints(owner, most)
  local ids = redis.pcall("ZRANGEBYSCORE", DELIVER .. ":" .. owner, "-inf", "(" .. int(now + 1), "LIMIT", "0", most)
  return ids.err and {} or ids
end

-- next_at returns the lane of an endpoint that is to be claimed next, since when it is
-- due, and whether there is another one: one whose lease ran out comes first, since it
-- has a slot.
local function next_at(e)
  look_at(e)
  if e.lapsed then
    return e.lapsed, e.lapsed_at, true
  end
  if e.free <= 0 then
    return nil
  end
  local lanes = due_lanes(DELIVER, e.name, now, 2, e.owner)
  return lanes[1], lanes[2], lanes[3] ~= nil and e.free > 1
end

local TURN = KEYS[1] .. "turn:deliver"
local FORGOTTEN = 60000 -- how long a turn may be interrupted, in ms

local turns_had = 0 -- in this step
local begun = {} -- lanes that accounts have had of turns that other steps began

-- part_of returns how many lanes an account is to be granted until its turn is over, of
-- which one that weighs 1 has so many.
local function part_of(owner, unit, weights)
  local weighs = weight_of(owner, weights)
  if weighs == 1 then
    return unit
  end
  local account, lanes = string.match(redis.call("GET", TURN) or "", "^(%S+) (%d+)$")
  begun[owner] = account == owner and tonumber(lanes) or 0
  return math.max(unit * weighs - begun[owner], 1)
end

-- end_turn ends the turn of an account that has had so many lanes, unless it weighs
-- more than others and is to have more.
local function end_turn(owner, had, part)
  local before = begun[owner]
  if before and had > 0 and had < part then
    begun[owner] = before + had
    redis.call("SET", TURN, owner .. " " .. int(before + had), "PX", FORGOTTEN)
    touch(DELIVER, owner)
    return
  end
  if before and before > 0 then
    redis.call("DEL", TURN)
  end
  turns_had = turns_had + 1
  take_turn(DELIVER, owner, turns_had)
end

-- next_lane returns the endpoint and the lane that is to be claimed next, since when
-- that is due, and whether there is another one.
local function next_lane(weights)
  local owners = due_accounts(DELIVER, now, 1000)
  for i, owner in ipairs(owners) do
    local part = part_of(owner, 1, weights)
    local ids = due_endpoints(owner, 1000)
    for j, id in ipairs(ids) do
      local e = endpoint_at(owner, id)
      local lane, since, more = next_at(e)
      if lane then
        end_turn(owner, 1, part)
        return e, lane, since, more or ids[j + 1] ~= nil or owners[i + 1] ~= nil
      end
    end
    end_turn(owner, 0, part)
  end
  return nil
end
