package store

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Redis takes every script as a function, and has one for each.
func TestScriptsAreFunctions(t *testing.T) {
	t.Parallel()
	rdb := redistest.Real(t)
	files, err := fs.Glob(luaFiles, "lua/*.lua")
	if err != nil {
		t.Fatal(err)
	}
	libraries := scripts.Libraries()
	if len(libraries) != len(files) {
		t.Errorf("%d functions, want one for each of %d scripts", len(libraries), len(files))
	}
	for name, source := range libraries {
		if err := rdb.FunctionLoad(t.Context(), source).Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var declared = regexp.MustCompile(`(?m)^local (?:function )?(\w+(?:, \w+)*)`)

// A name is declared once among a script and its libraries: as a function, a script would
// otherwise give a value to the last of them alone.
func TestNamesAreDeclaredOnce(t *testing.T) {
	t.Parallel()
	for name, source := range scripts.Libraries() {
		seen := map[string]bool{}
		for _, m := range declared.FindAllStringSubmatch(source, -1) {
			for n := range strings.SplitSeq(m[1], ", ") {
				if seen[n] {
					t.Errorf("%s declares %s twice", path.Base(name), n)
				}
				seen[n] = true
			}
		}
	}
}
