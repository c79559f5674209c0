// Package folding says when two texts are the same to a reader: whatever the case
// of their letters, and however their accents are written.
//
// What it makes of a text is the normal form C of its full case folding, as the
// Unicode Standard has caseless matching (section 3.13, D145). So "José" is "JOSE"
// with a combining accent, "ΣΊΣΥΦΟΣ" is "σίσυφος", and "Straße" is "STRASSE". Letters
// of other widths, ligatures that have a meaning of their own, and accents that are
// left out are differences.
package folding

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns what all texts share that are the same to a reader.
func Fold(s string) string {
	if simple(s) {
		return strings.ToLower(s)
	}
	return norm.NFC.String(strings.Map(cherokee, cases.Fold().String(norm.NFD.String(s))))
}

// cherokee returns the capital of a small letter of Cherokee, and any other rune as it
// is: capitals are what these fold to, and package cases folds capitals to small ones.
func cherokee(r rune) rune {
	switch {
	case r >= 0xab70 && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case r >= 0x13f8 && r <= 0x13fd:
		return r - 8
	}
	return r
}

// Equal reports whether two texts are the same to a reader.
func Equal(a, b string) bool { return a == b || Fold(a) == Fold(b) }

// simple reports whether lower case is all that there is to the folding of s, as it
// is for most texts.
func simple(s string) bool {
	for _, r := range s {
		if !isSimple(r) {
			return false
		}
	}
	return true
}

// isSimple reports whether r folds to its lower case, and is neither a mark nor a
// letter that marks make.
func isSimple(r rune) bool {
	switch r {
	case 'µ', 'ß', 'İ', 'ŉ', 'ſ':
		return false
	}
	switch {
	case r < 0x180: // of Latin
		return true
	case r >= 0x400 && r < 0x483, r >= 0x48a && r < 0x530: // Cyrillic
		return true
	case r >= 0x3041 && r < 0x3097, r >= 0x30a1 && r < 0x30fb: // Kana
		return true
	}
	return r >= 0x4e00 && r < 0xa000 // Han
}
