package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/turnwise/turnwise/internal/catalog"
)

var (
	before = catalog.Tracker{
		Name: "n", Description: "d", Categories: []string{"c"}, Languages: []string{"de", "fr"},
		Vocabulary: []string{"a", "b"}, ExcludeVocabulary: []string{"x"},
	}
	ignoreSaved = cmpopts.IgnoreTypes(catalog.ItemMeta{})
)

type ops = []catalog.Op

func op(op, path string, values ...string) catalog.Op {
	return catalog.Op{Op: op, Path: path, Values: values}
}

func TestPatch(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		ops  ops
		want catalog.Tracker // what is set is what differs from before
	}{
		{"texts", ops{op("replace", "/name", "m"), op("add", "/description", "e")}, catalog.Tracker{Name: "m", Description: "e"}},
		{"add one", ops{op("add", "/vocabulary", "c")}, catalog.Tracker{Vocabulary: []string{"a", "b", "c"}}},
		{"add several", ops{op("add", "/vocabulary", "c", "d")}, catalog.Tracker{Vocabulary: []string{"a", "b", "c", "d"}}},
		{"add what is there", ops{op("add", "/vocabulary", "B", "c"), op("add", "/vocabulary", "b", "C")}, catalog.Tracker{Vocabulary: []string{"a", "b", "c"}}},
		{"replace by one", ops{op("replace", "/vocabulary", "c")}, catalog.Tracker{Vocabulary: []string{"c"}}},
		{"replace by several", ops{op("replace", "/categories", "c", "d")}, catalog.Tracker{Categories: []string{"c", "d"}}},
		{"remove one", ops{op("remove", "/vocabulary", " A ")}, catalog.Tracker{Vocabulary: []string{"b"}}},
		{"remove what is not there", ops{op("remove", "/vocabulary", "z")}, catalog.Tracker{}},
		{"remove all, then add", ops{op("remove", "/vocabulary"), op("add", "/vocabulary", "z")}, catalog.Tracker{Vocabulary: []string{"z"}}},
		{"remove all languages", ops{op("remove", "/languages")}, catalog.Tracker{Languages: []string{"en-US"}}},
		{"remove all exceptions", ops{op("remove", "/excludeVocabulary")}, catalog.Tracker{ExcludeVocabulary: []string{}}},
		{"add exceptions", ops{op("add", "/excludeVocabulary", "y")}, catalog.Tracker{ExcludeVocabulary: []string{"x", "y"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			c, _ := newCatalog(t)
			saved := create(t, c.Trackers, before)
			got, err := c.Trackers.Patch(t.Context(), account, saved.ID, tt.ops)
			if diff := cmp.Diff(changed(before, tt.want), got, ignoreSaved); diff != "" || err != nil {
				t.Errorf("%v; (-want +got):\n%s", err, diff)
			}
			read, err := c.Trackers.Get(t.Context(), account, saved.ID)
			if diff := cmp.Diff(got, read); diff != "" || err != nil {
				t.Errorf("%v; read (-patched +read):\n%s", err, diff)
			}
			if !got.Created.Equal(saved.Created) || got.ID != saved.ID || got.Version != 2 {
				t.Errorf("%+v became %+v", saved.ItemMeta, got.ItemMeta)
			}
		})
	}
}

// changed returns t with what is set of by.
func changed(t, by catalog.Tracker) catalog.Tracker {
	set := func(at *[]string, by []string) {
		if by != nil {
			*at = by
		}
	}
	if by.Name != "" {
		t.Name, t.Description = by.Name, by.Description
	}
	set(&t.Categories, by.Categories)
	set(&t.Languages, by.Languages)
	set(&t.Vocabulary, by.Vocabulary)
	set(&t.ExcludeVocabulary, by.ExcludeVocabulary)
	return t
}

func TestBadPatch(t *testing.T) {
	t.Parallel()

	const paths = "[/name, /description, /categories, /languages, /vocabulary, /excludeVocabulary]"
	tests := []struct {
		name string
		ops  ops
		want string
	}{
		{"no op", ops{{Path: "/name"}}, "[0].op must be one of [add, replace, remove]"},
		{"an op of JSON Patch that is not offered", ops{op("add", "/vocabulary", "c"), op("move", "/name", "x")}, "[1].op must be one of [add, replace, remove]"},
		{"no path", ops{op("add", "", "c")}, "[0].path must be one of " + paths},
		{"path of an item", ops{op("add", "/vocabulary/0", "c")}, "[0].path must be one of " + paths},
		{"path of the id", ops{op("replace", "/id", "1")}, "[0].path must be one of " + paths},
		{"no value", ops{op("replace", "/name")}, "[0].value is required"},
		{"two names", ops{op("replace", "/name", "a", "b")}, "[0].value must be a string"},
		{"no name", ops{op("remove", "/name")}, "name is not allowed to be empty"},
		{"no vocabulary", ops{op("remove", "/vocabulary")}, "vocabulary must contain at least 1 items"},
		{"the same twice in one", ops{op("add", "/vocabulary", "c", "C")}, "vocabulary[3] is the same term as vocabulary[2]"},
		{"a bad term", ops{op("add", "/vocabulary", "c?")}, "vocabulary[2] must not contain '?': letters, digits, blanks, periods, apostrophes and hyphens are allowed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			c, _ := newCatalog(t)
			saved := create(t, c.Trackers, before)
			_, err := c.Trackers.Patch(t.Context(), account, saved.ID, tt.ops)
			for cause := err; cause != nil; cause = unwrap(cause) {
				err = cause
			}
			wantError(t, err, tt.want)
			if got, _ := c.Trackers.Get(t.Context(), account, saved.ID); !cmp.Equal(saved, got) {
				t.Errorf("a refused patch changed\n%+v to\n%+v", saved, got)
			}
		})
	}
}

func TestPatchesOfOtherKinds(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	g := create(t, c.Groups, catalog.Group{Name: "n", Description: "d", Criteria: "conversation.name==a"})
	gotGroup, err := c.Groups.Patch(t.Context(), account, g.ID, ops{
		op("replace", "/name", "m"), op("remove", "/description"), op("replace", "/criteria", "conversation.name==b"),
	})
	if diff := cmp.Diff(catalog.Group{Name: "m", Criteria: "conversation.name==b"}, gotGroup, ignoreSaved); diff != "" || err != nil {
		t.Errorf("%v; group (-want +got):\n%s", err, diff)
	}
	e := create(t, c.Entities, catalog.Entity{Type: "t", SubType: "s", Values: []string{"a"}})
	gotEntity, err := c.Entities.Patch(t.Context(), account, e.ID, ops{
		op("replace", "/type", "u"), op("remove", "/subType"), op("add", "/values", "b"),
	})
	if diff := cmp.Diff(catalog.Entity{Type: "u", Values: []string{"a", "b"}}, gotEntity, ignoreSaved); diff != "" || err != nil {
		t.Errorf("%v; entity (-want +got):\n%s", err, diff)
	}
}
