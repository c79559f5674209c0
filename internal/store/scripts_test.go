package store

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What is written in capital letters gets its value where it is declared, once: as
// functions scripts keep it from call to call.
func TestConstantsStay(t *testing.T) {
	t.Parallel()

	files, err := fs.Glob(os.DirFS("."), "lua/*.lua")
	libraries, errLib := fs.Glob(os.DirFS("."), "lua/lib/*.lua")
	if err := errors.Join(err, errLib); err != nil || len(files) == 0 || len(libraries) == 0 {
		t.Fatalf("find the scripts: %v, %v, %v", files, libraries, err)
	}
	set := regexp.MustCompile(`(?m)^ *(?:\w+, )*[A-Z_]+(?:\[[^\]]*\])?(?:, \w+)* = .*$`)
	for _, file := range slices.Concat(files, libraries) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := set.FindString(string(source)); found != "" {
			t.Errorf("%s: %q", file, found)
		}
	}
}

// Every script begins with its name, documents each key and argument that it
// uses, and says what it returns.
func TestScriptHeaders(t *testing.T) {
	t.Parallel()

	files, err := fs.Glob(os.DirFS("."), "lua/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatalf("find the scripts: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(path.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			header, code, _ := strings.Cut(string(source), "\n\n")
			name := strings.TrimSuffix(path.Base(file), ".lua")
			if !strings.HasPrefix(header, "-- "+name+" ") {
				t.Errorf("the header does not begin with %q", name)
			}
			if !strings.Contains(header, "-- Returns ") {
				t.Error("the header does not say what the script returns")
			}
			for _, kind := range []string{"KEYS", "ARGV"} {
				described := numbers(header, kind)
				for _, n := range numbers(code, kind) {
					if !slices.Contains(described, n) {
						t.Errorf("the header does not describe %s[%d]", kind, n)
					}
				}
			}
		})
	}
}

var indexed = regexp.MustCompile(`(KEYS|ARGV)\[(\d+)(?:\.\.(\d+))?\]`)

// numbers returns which of KEYS or ARGV a text names.
func numbers(text, kind string) []int {
	var all []int
	for _, m := range indexed.FindAllStringSubmatch(text, -1) {
		if m[1] != kind {
			continue
		}
		from, _ := strconv.Atoi(m[2])
		to := from
		if m[3] != "" {
			to, _ = strconv.Atoi(m[3])
		}
		for n := from; n <= to; n++ {
			all = append(all, n)
		}
	}
	return all
}
