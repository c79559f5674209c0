-- turns is put, after endpoints and events, in front of the scripts that look for
-- the deliver lane that is to be claimed next.
-- Used by:
--   due_endpoints: claim_event, put_off_event, settle_events
--   next_at: claim_event, put_off_event
--   next_lane: claim_event, put_off_event

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

-- next_lane returns the endpoint and the lane that is to be claimed next, since when
-- that is due, and whether there is another one.
local function next_lane()
  local owners = due_accounts(DELIVER, now, 1000)
  for i, owner in ipairs(owners) do
    take_turn(DELIVER, owner)
    local ids = due_endpoints(owner, 1000)
    for j, id in ipairs(ids) do
      local e = endpoint_at(owner, id)
      local lane, since, more = next_at(e)
      if lane then
        return e, lane, since, more or ids[j + 1] ~= nil or owners[i + 1] ~= nil
      end
    end
  end
  return nil
end
