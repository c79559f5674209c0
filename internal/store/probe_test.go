package store

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"testing"
)

// The probe asks for every command that a script runs.
func TestNeededCommands(t *testing.T) {
	t.Parallel()

	run := regexp.MustCompile(`redis\.p?call\(\s*"([A-Z]+)"`)
	needs := needed()
	found := 0
	for _, pattern := range []string{"lua/*.lua", "lua/lib/*.lua"} {
		files, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range run.FindAllStringSubmatch(string(source), -1) {
				found++
				if !slices.Contains(needs, any(m[1])) {
					t.Errorf("%s runs %s, which the probe does not ask for", file, m[1])
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("%d calls were found in the scripts, so the test looks for them wrongly", found)
	}
}
