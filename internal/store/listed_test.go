package store

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation/query"
)

// Each script has a variable in scripts.go.
func TestEveryScriptIsRead(t *testing.T) {
	t.Parallel()

	scripts, _ := scriptSources(t)
	files, err := fs.Glob(luaFiles, "lua/*.lua")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".lua"); scripts[name] == nil {
			t.Errorf("scripts.go has no variable for %s", file)
		}
	}
}

// The table of keys in doc.go has each key that a script names in its header
// or builds from the prefix of the shard.
func TestEveryKeyIsListed(t *testing.T) {
	t.Parallel()

	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`tw:[a-z{:}]*[a-z}]`)
	scripts, libraries := scriptSources(t)
	for name, s := range scripts {
		_, keys := s.reach(libraries)
		for _, key := range named.FindAllString(s.text, -1) {
			if key != "tw:{s}" && !strings.Contains(string(doc), key) {
				t.Errorf("doc.go does not list %s… of %s", key, name)
			}
		}
		for key := range keys {
			if !strings.Contains(string(doc), "tw:{s}:"+key) {
				t.Errorf("doc.go does not list tw:{s}:%s… of %s", key, name)
			}
		}
	}
}

// A listing reads whatever field a filter may compare. The times of a conversation
// are always read, its id is the key, and it has one type; its members are read
// on their own.
func TestEveryFieldOfAFilterIsRead(t *testing.T) {
	t.Parallel()

	source, err := os.ReadFile("../conversation/query/query.go")
	if err != nil {
		t.Fatal(err)
	}
	base := len(fieldsOf(query.Query{}))
	for _, m := range regexp.MustCompile(`Field = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		field := query.Field(m[1])
		if slices.Contains([]query.Field{query.ID, query.Type, query.Start, query.End, query.Email}, field) {
			continue
		}
		if got := fieldsOf(query.Query{Filter: query.Filter{{Field: field}}}); len(got) == base {
			t.Errorf("a filter by %s reads no field of the conversation; add it to fieldsOf", field)
		}
	}
}
