package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A script gets what it uses of its libraries, in their order, and no more.
func TestLink(t *testing.T) {
	t.Parallel()

	library := luaBlocks(`-- base is a library.
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
`)
	for script, want := range map[string]string{
		"return 1\n":        "return 1\n",
		"return A\n":        "local A, B = 1, 2 -- both\nreturn A\n",
		"return pcall(top)": "local A, B = 1, 2 -- both\nlocal function deep(n)\n  if n then\n    return B\n  end\nend\nlocal function top()\n  return deep(1)\nend\nreturn pcall(top)",
	} {
		if diff := cmp.Diff(want, link(library, script)); diff != "" {
			t.Errorf("link of %q (-want +got):\n%s", script, diff)
		}
	}
}
