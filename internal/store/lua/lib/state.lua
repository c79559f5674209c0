-- state is put in front of the scripts that read or write the state of an append
-- lane: tw:{s}:l:<lane>, a string of fourteen values, because one value is read and
-- written at a fraction of the price of ten. Between them are bytes 31, which ASCII has
-- for that: to look for the next control character takes Lua a third of the time that
-- it takes to look for another one.
--
--   claim     see lib/lane.lua
--   attempts  see lib/lane.lua
--   accepted  how many jobs were accepted
--   settled   how many of them are final, which are the first ones
--   started   since when the job after those is in progress, or ""
--   start     when the first message starts; with "~" in front as long as none is
--             stored and it is what the caller said, or the time of acceptance
--   stop      when the last message ends, or ""
--   last      the job settled last of those that want webhooks; "-" if none does,
--             "" before there can be members
--   people    how often the members were changed
--   messages  how many there are
--   insights  how many there are
--   heavy     number of the last job accepted whose body is longer than LIGHT
--   created   when the conversation was made
--   kept      how many fields there are of its members
--
-- What the lists of messages and insights have beyond those numbers is not there
-- for anybody: a commit that is large puts it there first, see stage_effects.lua,
-- and one that was broken off left it.
-- Used by:
--   pack_state: accept_jobs, claim_jobs, commit_jobs, edit_conversation,
--       fail_job, stage_effects, steer_lane
--   reading: edit_conversation, read_conversation
--   unpack_state: accept_jobs, cancel_job, claim_jobs, commit_jobs,
--       delete_conversation, edit_conversation, fail_job, read_list,
--       stage_effects, stage_members, steer_lane

-- LIGHT is how many bytes of a body, below its share of ROOM in lib/jobs.lua, need
-- no care of who reads it.
local LIGHT = 8192

local VALUE = "(%C*)\31"
local FOUR = VALUE .. VALUE .. VALUE .. VALUE
local STATE = "^" .. FOUR .. FOUR .. FOUR .. VALUE .. "(%C*)$"

-- unpack_state makes the table in one piece: one that grows field by field costs twice as
-- much.
local function unpack_state(packed)
  local claim, attempts, accepted, settled, started, start, stop, last, people, messages, insights, heavy, created, kept =
    string.match(packed, STATE)
  return {
    claim = claim, attempts = attempts, accepted = accepted, settled = settled, started = started, start = start, stop = stop,
    last = last, people = people, messages = messages, insights = insights, heavy = heavy, created = created, kept = kept,
  }
end

local function pack_state(s)
  return s.claim .. "\31" .. s.attempts .. "\31" .. s.accepted .. "\31" .. s.settled .. "\31" .. s.started .. "\31" .. s.start .. "\31" .. s.stop
    .. "\31" .. s.last .. "\31" .. s.people .. "\31" .. s.messages .. "\31" .. s.insights .. "\31" .. s.heavy .. "\31" .. s.created .. "\31" .. s.kept
end

-- FEW is how many fields of members one step reads with the conversation. Those of
-- more members are read by HSCAN, a portion a step.
local FEW = 1000

-- reading returns what read_conversation answers, with that word.
local function reading(word, conversation, people, state)
  local record = redis.call("HGETALL", conversation)
  if redis.call("HLEN", people) > FEW then
    return { word, record, {}, state, "1" }
  end
  return { word, record, redis.call("HGETALL", people), state, "" }
end
