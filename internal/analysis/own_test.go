package analysis

import (
	"fmt"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// bring returns a vocabulary of some 300 KiB, compiled.
func bring(n int) []Tracker {
	tracker := Tracker{Name: "t"}
	for i := range 1_000 {
		tracker.Vocabulary = append(tracker.Vocabulary, fmt.Sprint(n, i))
	}
	return []Tracker{tracker}
}

// TestOwnAreKept has jobs bring the same vocabulary, and then so many that the
// first one has to go, but not that of another account.
func TestOwnAreKept(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(lex)
	if err != nil {
		t.Fatal(err)
	}
	const most = 2 << 20
	kept := newOwnCache(e, most)
	trackers := func(account string, n int) *Trackers { return kept.own(account, nil, bring(n)).trackers }
	first, other := trackers("a", 0), trackers("b", 0)
	if trackers("a", 0) != first {
		t.Error("an equal vocabulary is compiled again")
	}
	if other == first {
		t.Error("a vocabulary of another account is used")
	}
	for n, brought := 1, 0; brought < 2*most; n++ {
		brought += trackers("a", n).Size()
	}
	if trackers("a", 0) == first {
		t.Errorf("all of %d bytes of vocabularies are kept", 2*most)
	}
	if trackers("b", 0) != other {
		t.Error("one account drove out the vocabulary of another")
	}
	if got := kept.entries.Weight(); got > most {
		t.Errorf("%d bytes are kept, want %d at most", got, most)
	}
}
