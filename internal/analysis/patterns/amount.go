package patterns

import (
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// amount returns a number, which the words from i to end are, as money or as a
// percentage where a sign or a word beside it says so.
func (f *Finder) amount(all []words.Word, i, end int, p Pattern) (int, Pattern) {
	if p.Score == 0 || i >= len(all) {
		return end, p
	}
	if n := percentBehind(all, end); n > 0 {
		p.Type, p.End, p.Value = Percent, all[end+n-1].End, p.Value+"%"
		return end + n, p
	}
	for i > 0 && all[i-1].Start >= p.Start {
		i--
	}
	if i > 0 && all[i-1].End == p.Start && all[i-1].IsMark() {
		if code := f.currencies[all[i-1].Lower]; code != "" {
			p.Type, p.Start, p.Value = Money, all[i-1].Start, p.Value+" "+code
			return end, p
		}
	}
	if end < len(all) {
		if code := f.currencies[all[end].Lower]; code != "" && !belongsBehind(all, end) {
			p.Type, p.End, p.Value = Money, all[end].End, p.Value+" "+code
			return end + 1, p
		}
	}
	return end, p
}

// percentBehind returns how many words from i on say "percent".
func percentBehind(all []words.Word, i int) int {
	switch {
	case i >= len(all):
	case slices.Contains([]string{"%", "percent", "pct"}, all[i].Lower):
		return 1
	case all[i].Lower == "per" && i+1 < len(all) && all[i+1].Lower == "cent":
		return 2
	}
	return 0
}

// belongsBehind reports whether the sign of money at i belongs to the number behind it:
// "the 3 $5 tickets".
func belongsBehind(all []words.Word, i int) bool {
	return all[i].IsMark() && i+1 < len(all) && all[i+1].Start == all[i].End && all[i].Start > all[i-1].End
}
