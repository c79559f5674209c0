package names_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestFind(t *testing.T) {
	t.Parallel()

	tagger := newTagger(t)
	tests := []struct{ text, want string }{
		{"", ""},
		{"Please send it tomorrow.", ""},
		{"John Smith works at Microsoft in London.", "person John Smith, organization Microsoft, location London"},
		{"I met Bob's sister Maria in New York.", "person Bob, person Maria, location New York"},
		{"ask john about the paris trip", "person john, location paris"},
		{"@john is a handle, and #paris a tag", ""},
		{"我们明天见", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, n := range tagger.Find(nil, tt.text) {
			got = append(got, string(n.Type)+" "+tt.text[n.Start:n.End])
			if n.Score <= 0.5 || n.Score > 1 {
				t.Errorf("%q: the score of %q is %v, want more than 0.5 and at most 1", tt.text, tt.text[n.Start:n.End], n.Score)
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("Find(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

// TestFindIsLinear gives it what a quadratic scan would not survive.
func TestFindIsLinear(t *testing.T) {
	t.Parallel()

	tagger := newTagger(t)
	for _, text := range []string{
		strings.Repeat("a", 64<<10), strings.Repeat("New York ", 8<<10), strings.Repeat("😀", 10_000),
		strings.Repeat("a\u0301", 20_000), strings.Repeat("שלום ", 8<<10), strings.Repeat("a-", 32<<10),
	} {
		began := time.Now()
		tagger.Find(nil, text)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%d bytes of %.8q took %v", len(text), text, took)
		}
	}
}

func FuzzFind(f *testing.F) {
	tagger := newTagger(f)
	f.Add("John Smith's dog, @bob, AT&T-like\xff don't İ")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, n := range tagger.Find(nil, text) {
			if n.Start < end || n.End <= n.Start || n.End > len(text) {
				t.Fatalf("Find(%q): a name from %d to %d after %d", text, n.Start, n.End, end)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[n.Start:n.End]) {
				t.Fatalf("Find(%q) cut a character", text)
			}
			end = n.End
		}
	})
}
