-- list_jobs returns the ids of the first jobs of a lane, without their bodies.
--
-- KEYS[1]  tw:{s}:q:<lane>  list, its unfinished jobs, oldest first
-- ARGV[1]  how many at most
--
-- Returns {"jobs", id, ...}.

local jobs = { "jobs" }
for n, text in ipairs(redis.call("LRANGE", KEYS[1], 0, ARGV[1] - 1)) do
  jobs[n + 1] = string.match(text, "^%S*")
end
return jobs
