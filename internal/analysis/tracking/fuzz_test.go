package tracking_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	cmpdiff "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	spelled "github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
)

// FuzzFind checks what holds whatever strangers send.
func FuzzFind(f *testing.F) {
	model := newModel(f)
	f.Add("ran out of budget", "budget", "I've run out of budgets, don't I’t İ\xff", 0.5)
	f.Add("follow-up", "a follow up", "A Follow up’s follow-ups", 0.0)
	f.Fuzz(func(t *testing.T, term, exclude, text string, least float64) {
		trackers := []tracking.Tracker{
			{Vocabulary: []string{term, text}, Exclude: []string{exclude}}, {Vocabulary: []string{exclude, term, term}},
		}
		all := find(model.Compile(trackers), text, least)
		var seen []int // trackers that have matches
		similar := false
		for _, m := range all {
			if m.Term < 0 || m.Term >= len(trackers[m.Tracker].Vocabulary) {
				t.Fatalf("Find(%q) = %+v", text, m)
			}
			if m.Start == -1 && m.End == -1 {
				if !(m.Score >= least && m.Score >= 0 && m.Score <= 1) || slices.Contains(seen, m.Tracker) {
					t.Fatalf("Find(%q, %v) = %+v", text, least, all)
				}
				similar = true
			} else if similar || m.Score != 1 || m.Start < 0 || m.Start >= m.End || m.End > len(text) {
				t.Fatalf("Find(%q, %v) = %+v", text, least, all)
			}
			seen = append(seen, m.Tracker)
		}
	})
}

// FuzzLiteral compares literal matches with those of a naive search, on texts
// of letters and blanks.
func FuzzLiteral(f *testing.F) {
	model := newModel(f)
	f.Add("ab ba", "ba", "ab ba", "ba ba", "AB ba ba ab")
	f.Add("é", "abab abab", "b é", "", "B É a")
	f.Fuzz(func(t *testing.T, a, b, c, d, text string) {
		trackers := []tracking.Tracker{
			{Vocabulary: []string{plain(a), plain(b)}, Exclude: []string{plain(c)}},
			{Vocabulary: []string{plain(c), plain(d)}, Exclude: []string{plain(a), plain(b)}},
		}
		text = plain(text)
		got := slices.DeleteFunc(find(model.Compile(trackers), text, 1), func(m tracking.Match) bool { return m.Start < 0 })
		want := naive(trackers, text)
		if diff := cmpdiff.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("Find(%q) of %q (-want +got):\n%s", text, trackers, diff)
		}
	})
}

// plain makes a text of letters and single blanks of anything.
func plain(text string) string {
	letters := []rune("aabb  AÉéж")
	var b strings.Builder
	for _, r := range text {
		b.WriteRune(letters[int(r)%len(letters)])
	}
	all := strings.Fields(b.String())
	return strings.Join(all[:min(len(all), spelled.MaxWords)], " ")
}

// naive tries every term of every tracker at every word.
func naive(trackers []tracking.Tracker, text string) (all []tracking.Match) {
	for i, tracker := range trackers {
		barred := [][2]int{}
		for _, term := range tracker.Exclude {
			barred = append(barred, places(text, term)...)
		}
		for n, term := range tracker.Vocabulary {
			for _, at := range places(text, term) {
				if !slices.ContainsFunc(barred, func(b [2]int) bool { return b[0] <= at[0] && at[1] <= b[1] }) {
					all = append(all, tracking.Match{Tracker: i, Term: n, Start: at[0], End: at[1], Score: 1})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b tracking.Match) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return all
}

// places returns where a term stands in a text between blanks.
func places(text, term string) (all [][2]int) {
	for i := 0; term != "" && i+len(term) <= len(text); i++ {
		end := i + len(term)
		if strings.EqualFold(text[i:end], term) && (i == 0 || text[i-1] == ' ') && (end == len(text) || text[end] == ' ') {
			all = append(all, [2]int{i, end})
		}
	}
	return all
}
