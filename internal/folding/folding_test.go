package folding

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

func TestEqual(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"same", "Ana", "Ana", true},
		{"case", "ANA", "ana", true},
		{"accent as a mark", "José", "JOSE\u0301", true},
		{"two marks in another order", "q\u0307\u0323", "Q\u0323\u0307", true},
		{"final sigma", "ΣΊΣΥΦΟΣ", "σίσυφος", true},
		{"sharp s", "Straße", "STRASSE", true},
		{"capital sharp s", "STRAẞE", "straße", true},
		{"Angstrom", "Å", "Å", true},
		{"Hangul in parts", "한", "\u1112\u1161\u11ab", true},
		{"Cyrillic", "ИВАН Й", "иван и\u0306", true},
		{"capital I with a dot", "İ", "i\u0307", true},
		{"iota below", "ᾳ", "ΑΙ", true},
		{"accent left out", "José", "Jose", false},
		{"other width", "Ａｎａ", "Ana", false},
		{"dotless", "ı", "i", false},
		{"Kana with its mark", "が", "か\u3099", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := Equal(tt.a, tt.b); got != tt.want {
				t.Errorf("Equal(%q, %q) = %t: %q and %q", tt.a, tt.b, got, Fold(tt.a), Fold(tt.b))
			}
		})
	}
}

// TestSimple checks that the short way comes to the same as the long one, for every
// character, alone and behind a letter and in front of a mark.
func TestSimple(t *testing.T) {
	t.Parallel()

	fold := cases.Fold()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 || !isSimple(r) {
			continue
		}
		s := "a" + string(r)
		if long := norm.NFC.String(fold.String(norm.NFD.String(s))); strings.ToLower(s) != long {
			t.Errorf("%U folds to %q, want %q", r, strings.ToLower(s), long)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"", "José", "JOSE\u0301", "ΣΊΣΥΦΟΣ", "Straße", "\xff\u0301", "か\u3099", "ꮅᎵ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, which folds to %q", s, folded, again)
		}
		for _, same := range []string{norm.NFC.String(s), norm.NFD.String(s)} {
			if got := Fold(same); got != folded {
				t.Errorf("Fold(%q) = %q, and of %q %q", s, folded, same, got)
			}
		}
	})
}
