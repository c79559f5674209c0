-- time is put in front of every script that needs the time or writes numbers.
-- Times are Unix milliseconds.

-- wall returns the time by the clock of Redis, which may step back: with NTP,
-- or at a failover to a server whose clock is behind.
local function wall()
  local t = redis.call("TIME")
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- int writes a whole number; Lua's own tostring would write 1.7e+12.
local function int(n)
  return string.format("%.0f", n)
end
