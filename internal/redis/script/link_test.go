package script

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const shared = `-- base is a library.
-- Used by: nobody

local A, B = 1, 2 -- both

-- unused is not used.
local function unused()
  return A
end

local function deep(n)
  if n then
    return B
  end
end

-- top uses deep.
local function top()
  return deep(1)
end
`

// A script gets what it uses of its libraries, in their order, and no more.
func TestNeeded(t *testing.T) {
	t.Parallel()

	for source, want := range map[string]string{
		"return 1\n":        "return 1\n",
		"return A\n":        "local A, B = 1, 2 -- both\nreturn A\n",
		"return pcall(top)": "local A, B = 1, 2 -- both\nlocal function deep(n)\n  if n then\n    return B\n  end\nend\nlocal function top()\n  return deep(1)\nend\nreturn pcall(top)",
	} {
		if diff := cmp.Diff(want, text(needed(blocks(shared), source))+source); diff != "" {
			t.Errorf("what %q needs (-want +got):\n%s", source, diff)
		}
	}
}

// Functions, the names of variables and what never changes stand outside of the function
// of Redis, and all other values and statements in it, in their order.
func TestLibrary(t *testing.T) {
	t.Parallel()

	source := `-- s does something.

local seen -- how often
local names = {
  "a",
}
local TEXT = "of A" .. A -- not "seen"
local PREFIX = KEYS[1]
local BEHIND = PREFIX .. "x"
local LIST = {
  "b",
}
local function count()
  seen = (seen or 0) + 1
end
for _, n in ipairs(names) do
  local twice = n .. n
  count()
end

return seen
`
	want := `#!lua name=s_1
local KEYS, ARGV
local A, B = 1, 2 -- both
local seen
local names
local TEXT = "of A" .. A -- not "seen"
local PREFIX
local BEHIND
local LIST
local function count()
  seen = (seen or 0) + 1
end
redis.register_function("s_1", function(keys, args)
KEYS, ARGV = keys, args
seen = nil
names = {
  "a",
}
PREFIX = KEYS[1]
BEHIND = PREFIX .. "x"
LIST = {
  "b",
}
for _, n in ipairs(names) do
  local twice = n .. n
  count()
end
return seen
end)
`
	if diff := cmp.Diff(want, library("s_1", append(needed(blocks(shared), "A"), blocks(source)...))); diff != "" {
		t.Errorf("library (-want +got):\n%s", diff)
	}
}
