package lookup_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/lookup"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func find(t *lookup.Table, text string) string {
	var all []string
	for _, h := range t.Find(nil, words.Split(nil, text)) {
		all = append(all, fmt.Sprintf("%s@%d%v", text[h.Start:h.End], h.Start, h.Phrases))
	}
	return strings.Join(all, " ")
}

func TestFind(t *testing.T) {
	t.Parallel()

	table := lookup.New([]string{"special promotion", "promotion", "Promotion", "don't", "3.5 GB", "größe", "我们 见", "", " ", "a, b"})
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"whole words only", "promotions and depromotion", ""},
		{"any case, several phrases, the longest first", "A SPECIAL  Promotion!", "SPECIAL  Promotion@2[0] Promotion@11[1 2]"},
		{"apostrophes and numbers", "Don't take 3.5 gb.", "Don't@0[3] 3.5 gb@11[4]"},
		{"other scripts, with or without blanks", "Die GRÖSSE, die GRÖßE; 我们见", "GRÖßE@17[5] 我们见@26[6]"},
		{"marks within", "a, b or a b", "a, b@0[9]"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, find(table, tt.text)); diff != "" {
			t.Errorf("%s: Find(%q) (-want +got):\n%s", tt.name, tt.text, diff)
		}
	}
	if got := table.Len(); got != 7 {
		t.Errorf("Len() = %d, want 7: two read alike and two are blank", got)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("special promotion", "a special promotion")
	f.Fuzz(func(t *testing.T, phrase, text string) {
		table := lookup.New([]string{phrase})
		for _, h := range table.Find(nil, words.Split(nil, text)) {
			if h.Start < 0 || h.End <= h.Start || h.End > len(text) {
				t.Fatalf("%q in %q: a hit from %d to %d", phrase, text, h.Start, h.End)
			}
		}
		if n := len(words.Split(nil, phrase)); n > 0 && n <= lookup.Longest && len(table.Find(nil, words.Split(nil, phrase))) == 0 {
			t.Fatalf("%q is not found in itself", phrase)
		}
	})
}
