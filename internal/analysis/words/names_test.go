package words_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestNames(t *testing.T) {
	t.Parallel()

	names := words.NewNames([]string{"Ann Lee", "bob lee LEE", "Éva Γιώργος", ""})
	for text, want := range map[string]bool{
		"ann": true, "LEE": true, "éVA": true, "ΓΙΏΡΓΟΣ": true, "Annie": false, "An": false, "Eva": false, "": false,
	} {
		w := words.Word{Text: text, Lower: strings.ToLower(text)}
		if got := names.Has(w); got != want {
			t.Errorf("Has(%q) = %t, want %t", text, got, want)
		}
	}
	tests := []struct{ some, want []string }{
		{nil, nil},
		{[]string{"Lee"}, []string{"Ann Lee", "bob lee LEE"}},
		{[]string{"lee", "BOB"}, []string{"bob lee LEE"}},
		{[]string{"Ann", "Éva"}, nil},
		{[]string{"Γιώργοσ"}, []string{"Éva Γιώργος"}},
	}
	for _, tt := range tests {
		if got := names.With(tt.some...); !slices.Equal(got, tt.want) {
			t.Errorf("With(%q) = %q, want %q", tt.some, got, tt.want)
		}
	}
	if none := (*words.Names)(nil); none.Has(words.Word{Text: "ann", Lower: "ann"}) || none.With("ann") != nil {
		t.Error("no names have a word")
	}
}

// TestNamesFoldAsEqualFold checks every letter against all that differ from it by case.
func TestNamesFoldAsEqualFold(t *testing.T) {
	t.Parallel()

	for r := rune('0'); r <= unicode.MaxRune; r++ {
		if !unicode.IsLetter(r) {
			continue
		}
		name := words.NewNames([]string{"x" + string(r)})
		for _, other := range [...]rune{unicode.SimpleFold(r), unicode.ToLower(r), unicode.ToUpper(r), unicode.ToTitle(r)} {
			text := "X" + string(other)
			w := words.Word{Text: text, Lower: strings.ToLower(text)}
			if got, want := name.Has(w), strings.EqualFold("x"+string(r), text); got != want {
				t.Errorf("%q has %q: %t, want %t", "x"+string(r), text, got, want)
			}
		}
	}
}
