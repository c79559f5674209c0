package names

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"words and marks", "Hello, world!", "Hello|,|world|!"},
		{"a possessive", "Bob's", "Bob|'s"},
		{"a possessive in curls", "Bob’s", "Bob|’s"},
		{"a contraction", "don't", "do|n't"},
		{"a contraction in curls", "DON’T", "DO|N’T"},
		{"n't alone", "n't", "n't"},
		{"an apostrophe within a name", "O'Brien", "O'Brien"},
		{"a handle and a tag", "@john #paris", "@john|#paris"},
		{"an at that is no handle", "@ 5 #1", "@|5|#|1"},
		{"an address", "a@b.example", "a|@b.example"},
		{"a hyphen", "Mary-Jane Garcia-Lopez", "Mary-Jane|Garcia-Lopez"},
		{"a dash", "Ana - Ben", "Ana|-|Ben"},
		{"an ampersand", "AT&T R&D Q & A", "AT&T|R&D|Q|&|A"},
		{"Cyrillic", "Иван Петров", "Иван|Петров"},
	}
	for _, tt := range tests {
		var got []string
		for _, token := range tokens(tt.text, nil) {
			if token.text != tt.text[token.start:token.end] {
				t.Errorf("%s: token %q is said to be at %q", tt.name, token.text, tt.text[token.start:token.end])
			}
			got = append(got, token.text)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "|")); diff != "" {
			t.Errorf("tokens(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

// FuzzTokens shows that of text no letter is lost and no character cut. What blanks
// carry, such as marks without a letter, is lost with them.
func FuzzTokens(f *testing.F) {
	f.Add("John Smith's dog, @bob, AT&T-like\xff don’t İ #n’t")
	f.Fuzz(func(t *testing.T, text string) {
		valid, end := utf8.ValidString(text), 0
		for _, token := range tokens(text, nil) {
			if token.start < end || token.end <= token.start || token.text != text[token.start:token.end] {
				t.Fatalf("tokens(%q): %q from %d to %d after %d", text, token.text, token.start, token.end, end)
			}
			if valid && !utf8.ValidString(token.text) {
				t.Fatalf("tokens(%q) cut a character: %q", text, token.text)
			}
			if lost := text[end:token.start]; valid && strings.ContainsFunc(lost, unicode.IsLetter) {
				t.Fatalf("tokens(%q) lost %q", text, lost)
			}
			end = token.end
		}
		if valid && strings.ContainsFunc(text[end:], unicode.IsLetter) {
			t.Fatalf("tokens(%q) lost %q", text, text[end:])
		}
	})
}
