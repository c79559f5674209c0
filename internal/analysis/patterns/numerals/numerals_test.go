package numerals_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/patterns/numerals"
)

func TestAll(t *testing.T) {
	t.Parallel()

	all := numerals.All()
	for word, want := range map[string]numerals.Numeral{
		"zero":       {},
		"nineteen":   {Value: 19},
		"ninety":     {Value: 90},
		"first":      {Value: 1, Ordinal: true},
		"twelfth":    {Value: 12, Ordinal: true},
		"ninetieth":  {Value: 90, Ordinal: true},
		"thousand":   {Value: 1000, Scale: true},
		"trillionth": {Value: 1e12, Scale: true, Ordinal: true},
	} {
		got, ok := all[word]
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%q is known: %t (-want +got):\n%s", word, ok, diff)
		}
	}
	if len(all) != 20+8+19+8+10 {
		t.Errorf("%d numerals", len(all))
	}
}
