package analysis

import (
	"fmt"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// bring returns a vocabulary of some 5 MiB, compiled.
func bring(n int) []Tracker {
	tracker := Tracker{Name: "t"}
	for i := range 20_000 {
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
	trackers := func(account string, n int) *Trackers { return e.kept.own(account, nil, bring(n)).trackers }
	first, other := trackers("a", 0), trackers("b", 0)
	if trackers("a", 0) != first {
		t.Error("an equal vocabulary is compiled again")
	}
	if other == first {
		t.Error("a vocabulary of another account is used")
	}
	for n, brought := 1, 0; brought < 2*maxOwnBytes; n++ {
		brought += trackers("a", n).Size()
	}
	if trackers("a", 0) == first {
		t.Errorf("all of %d bytes of vocabularies are kept", 2*maxOwnBytes)
	}
	if trackers("b", 0) != other {
		t.Error("one account drove out the vocabulary of another")
	}
	if got := e.kept.entries.Weight(); got > maxOwnBytes {
		t.Errorf("%d bytes are kept, want %d at most", got, maxOwnBytes)
	}
}
