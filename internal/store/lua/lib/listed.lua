-- listed is put, after base, in front of every script that changes the status of jobs.
-- It keeps the index from which jobs are listed and counted:
--
--   tw:{s}:jobs:<account>  sorted set, "<job> <conversation>" of every job of the account
--                          that is not final, or has failed not longer ago than jobs are
--                          kept; the score is the digit of its status and, in 13 digits,
--                          since when it is in it
--   tw:{s}:done:<account>  stream, of the jobs that are completed, by when they were: each
--                          an entry of one field, whose value is "<job> <conversation>"
--                          as 24 bytes, see job_entry.go
--
-- So a page by status and the count of a status cost the same however many jobs there
-- are. Those that are completed have a place of their own because they are nearly all
-- and change no more: an entry there takes a third of the memory. All of a step is
-- written at once. What else is told of a job stands in its record, which may be gone
-- before its entry. Who keeps the index small is [Store.TrimJobs].
-- Used by:
--   list_completed: commit_jobs
--   list_job: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane
--   write_listed: accept_jobs, claim_jobs, commit_jobs, delete_conversation,
--       fail_job, steer_lane

local SCHEDULED, IN_PROGRESS, COMPLETED, FAILED = "1", "2", "3", "4" -- the digits of statuses

local listed = {} -- by account: scores and jobs that this step writes
local completed = {} -- by account: jobs that this step completes, as both places have them

-- list_job has the list say that a job is in a status since then, which is a text.
local function list_job(owner, id, conversation, status, since)
  local jobs = listed[owner]
  if not jobs then
    jobs = {}
    listed[owner] = jobs
  end
  if #since < 13 then
    since = string.rep("0", 13 - #since) .. since
  end
  jobs[#jobs + 1] = status .. since
  jobs[#jobs + 1] = id .. " " .. conversation
end

-- list_completed has the list say that a job is completed. Packed is its entry.
local function list_completed(owner, id, conversation, packed)
  local jobs = completed[owner]
  if not jobs then
    jobs = {}
    completed[owner] = jobs
  end
  jobs[#jobs + 1] = id .. " " .. conversation
  redis.pcall("XADD", KEYS[1] .. "done:" .. owner, "*", "", packed)
end

-- write_listed writes what the step changed. An index that is damaged makes no step
-- fail: what it says is for lists alone.
local function write_listed()
  for owner, jobs in pairs(completed) do
    redis.pcall("ZREM", KEYS[1] .. "jobs:" .. owner, unpack(jobs))
  end
  for owner, jobs in pairs(listed) do
    redis.pcall("ZADD", KEYS[1] .. "jobs:" .. owner, unpack(jobs))
  end
  listed, completed = {}, {}
end
