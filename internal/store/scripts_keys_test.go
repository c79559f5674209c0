package store

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var updateScripts = flag.Bool("update-scripts", false, "write the lists of keys and users into the headers of the scripts")

// A luaSource is what the headers of a script or a library are derived from.
type luaSource struct {
	path, text string
	libraries  []string                   // of a script
	keys       map[string]map[string]bool // built from the prefix, by function; "" is the code outside of all
	calls      map[string]map[string]bool // names used, by function
}

var (
	scriptLine  = regexp.MustCompile(`= scripts\.Script\("(\w+)"((?:, "\w+")*)\)`)
	luaComment  = regexp.MustCompile(`--[^\n]*`)
	luaFunction = regexp.MustCompile(`^local function (\w+)\(`)
	luaConstant = regexp.MustCompile(`^local (\w+) = KEYS\[1\]`)
	builtKey    = regexp.MustCompile(`KEYS\[1\] \.\. "([a-z:]+)"`)
	luaUse      = regexp.MustCompile(`pcall\((\w+)|([a-z_]\w*)\(|\b([A-Z]\w*)\b`)
	word        = regexp.MustCompile(`\w+`)
	keysLine    = regexp.MustCompile(`(?m)^-- Built from KEYS\[1\]:(?:[^\n]*\n--  )*[^\n]*\n`)
	usersTable  = regexp.MustCompile(`(?m)^-- Used by:\n(?:--   [^\n]*\n)*`)
)

func readLua(t *testing.T, name string) *luaSource {
	t.Helper()
	path := filepath.Join("lua", filepath.FromSlash(name)+".lua")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &luaSource{path: path, text: string(text), keys: map[string]map[string]bool{}, calls: map[string]map[string]bool{}}
	at := ""
	for line := range strings.Lines(luaComment.ReplaceAllString(s.text, "")) {
		switch {
		case luaFunction.MatchString(line):
			at = luaFunction.FindStringSubmatch(line)[1]
		case luaConstant.MatchString(line):
			s.note(luaConstant.FindStringSubmatch(line)[1], line)
			continue
		case at == "" || !strings.HasPrefix(line, "end"):
		default:
			at = ""
			continue
		}
		s.note(at, line)
	}
	return s
}

// note notes what a line of a function builds and uses.
func (s *luaSource) note(function, line string) {
	if s.keys[function] == nil {
		s.keys[function], s.calls[function] = map[string]bool{}, map[string]bool{}
	}
	for _, m := range builtKey.FindAllStringSubmatch(line, -1) {
		s.keys[function][m[1]] = true
	}
	for _, m := range luaUse.FindAllStringSubmatch(line, -1) {
		if name := m[1] + m[2] + m[3]; name != function {
			s.calls[function][name] = true
		}
	}
}

// scriptSources returns all scripts and libraries by name.
func scriptSources(t *testing.T) (scripts, libraries map[string]*luaSource) {
	t.Helper()
	text, err := os.ReadFile("scripts.go")
	if err != nil {
		t.Fatal(err)
	}
	scripts, libraries = map[string]*luaSource{}, map[string]*luaSource{}
	for _, m := range scriptLine.FindAllStringSubmatch(string(text), -1) {
		s := readLua(t, m[1])
		s.libraries = word.FindAllString(m[2], -1)
		scripts[m[1]] = s
		for _, l := range s.libraries {
			if libraries[l] == nil {
				libraries[l] = readLua(t, "lib/"+l)
			}
		}
	}
	return scripts, libraries
}

// reach returns which functions of its libraries a script uses, by itself or
// through others, as "library.function", and every key that they and it build.
func (s *luaSource) reach(libraries map[string]*luaSource) (functions, keys map[string]bool) {
	functions, keys = map[string]bool{}, map[string]bool{}
	var visit func(*luaSource, string)
	visit = func(of *luaSource, function string) {
		maps.Copy(keys, of.keys[function])
		for name := range of.calls[function] {
			if of == s && of.calls[name] != nil && !functions[name] {
				functions[name] = true
				visit(s, name)
			}
			for _, l := range s.libraries {
				if f := l + "." + name; libraries[l].calls[name] != nil && !functions[f] {
					functions[f] = true
					visit(libraries[l], name)
				}
			}
		}
	}
	visit(s, "")
	for _, l := range s.libraries {
		visit(libraries[l], "") // what stands outside of functions
	}
	return functions, keys
}

// listed writes words after a label in lines of a comment.
func listed(label string, words []string) string {
	var b strings.Builder
	line := "-- " + label
	for n, w := range words {
		if n < len(words)-1 {
			w += ","
		}
		if len(line)+1+len(w) > 79 {
			b.WriteString(line + "\n")
			line = "--  "
		}
		line += " " + w
	}
	return b.String() + line + "\n"
}

// Each header lists every key that the script builds from the prefix of the
// shard, be it in a library, and each library says which scripts use which of
// its functions. With -update-scripts the lists are written.
func TestScriptHeadersListKeysAndUsers(t *testing.T) {
	t.Parallel()

	scripts, libraries := scriptSources(t)
	users := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		s := scripts[name]
		functions, keys := s.reach(libraries)
		for f := range functions {
			users[f] = append(users[f], name)
		}
		want := ""
		if len(keys) > 0 {
			want = listed("Built from KEYS[1]:", slices.Sorted(maps.Keys(keys)))
		}
		s.hold(t, keysLine, want, "\n-- ARGV[1]", "\n--\n-- Returns")
	}
	for _, l := range slices.Sorted(maps.Keys(libraries)) {
		want := "-- Used by:\n"
		for _, f := range slices.Sorted(maps.Keys(libraries[l].calls)) {
			if f == "" {
				continue
			}
			by := users[l+"."+f]
			if len(by) == 0 {
				t.Errorf("no script uses %s of lib/%s.lua", f, l)
			}
			want += strings.ReplaceAll(listed("  "+f+":", by), "\n--  ", "\n--      ")
		}
		libraries[l].hold(t, usersTable, want, "\n\n")
	}
}

// hold compares a part of a header with what is wanted, or writes it in front
// of the first of the marks that is there.
func (s *luaSource) hold(t *testing.T, part *regexp.Regexp, want string, marks ...string) {
	t.Helper()
	got := part.FindString(s.text)
	if got == want {
		return
	}
	if !*updateScripts {
		t.Errorf("%s says\n%swant\n%s(go test ./internal/store -run ScriptHeaders -update-scripts writes it)", s.path, got, want)
		return
	}
	text := strings.Replace(s.text, got, "", 1)
	for _, mark := range marks {
		if at := strings.Index(text, mark) + 1; at > 0 {
			if err := os.WriteFile(s.path, fmt.Append(nil, text[:at], want, text[at:]), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("%s has none of %q", s.path, marks)
}
