package words_test

import (
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestSplit(t *testing.T) {
	t.Parallel()

	tests := map[string][]string{
		"":                             nil,
		" \n":                          nil,
		"Don't ship 3.5 GB, Bob's.":    {"don't", "ship", "3.5", "gb", ",", "bob's", "."},
		"İstanbul'da GÖRÜŞELİM":        {"istanbul'da", "görüşelim"}, // lower case takes fewer bytes
		"Call me—now!":                 {"call", "me", "—", "now", "!"},
		"你好":                           {"你", "好"},
		"mail bob@x.org, or #tag @bob": {"mail", "bob", "@", "x.org", ",", "or", "#", "tag", "@", "bob"},
	}
	for text, want := range tests {
		var got []string
		for _, w := range words.Split(nil, text) {
			got = append(got, w.Lower)
			if text[w.Start:w.End] != w.Text {
				t.Errorf("Split(%q): %q is said to be at %d", text, w.Text, w.Start)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Don't\xff İ 3.5")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, w := range words.Split(nil, text) {
			if w.Start < end || text[w.Start:w.End] != w.Text {
				t.Fatalf("Split(%q): %q at %d after %d", text, w.Text, w.Start, end)
			}
			end = w.End
		}
	})
}
