package tracking

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// spent returns the effort that it takes to look for trackers in a text.
func spent(m *Matcher, text string) int {
	r := m.Read(nil, Unlimited)
	defer r.Close()
	r.Find(nil, words.Split(nil, text), 0.5)
	return Unlimited - r.effort
}

// nested returns a tracker with terms of one, two and more times the same word.
func nested(terms int) Tracker {
	var t Tracker
	for n := range terms {
		t.Vocabulary = append(t.Vocabulary, strings.Repeat("a ", n+1))
	}
	return t
}

// TestEffortGrowsWithTheText looks for trackers in texts that are made for them.
func TestEffortGrowsWithTheText(t *testing.T) {
	t.Parallel()

	model := shipped(t)
	matcher := model.Compile(append(slices.Repeat([]Tracker{nested(25)}, 100), Tracker{Vocabulary: codes(10_000), Exclude: []string{"a"}}))
	for _, text := range []string{"a ", "similar ", "similaraax ", "similaryyy similarly ", "Could you cancel the contract? "} {
		short, eight := spent(matcher, strings.Repeat(text, 1000)), spent(matcher, strings.Repeat(text, 8000))
		if short == 0 || eight > 9*short {
			t.Errorf("%q takes an effort of %d a thousand times, %d eight thousand times", text, short, eight)
		}
	}
}

// TestEffortWithoutMatch looks for a tracker, and for it beside others of other
// words.
func TestEffortWithoutMatch(t *testing.T) {
	t.Parallel()

	model := shipped(t)
	few := []Tracker{{Vocabulary: []string{"cancel the contract"}}}
	var other Tracker
	for n := range 20_000 {
		other.Vocabulary = append(other.Vocabulary, fmt.Sprintf("%dth %x", n, n))
	}
	const text = "I would like to cancel my contract with you, as it is too expensive."
	alone, beside := spent(model.Compile(few), text), spent(model.Compile(append(few, other)), text)
	if beside > 2*alone {
		t.Errorf("an effort of %d, and of %d beside 20,000 terms that do not match", alone, beside)
	}
}

// TestEffortRunsOut has a job stop where its effort is over, at the same place
// whenever it is run.
func TestEffortRunsOut(t *testing.T) {
	t.Parallel()

	matcher := shipped(t).Compile(slices.Repeat([]Tracker{nested(25)}, 100))
	sentences := [][]words.Word{words.Split(nil, "a b a"), words.Split(nil, strings.Repeat("a ", 10_000)), words.Split(nil, "a")}
	run := func(effort int) (found []int) {
		r := matcher.Read(nil, effort)
		defer r.Close()
		for _, s := range sentences {
			found = append(found, len(r.Find(nil, s, 0.5)))
		}
		if r.effort < -100_000 {
			t.Errorf("%d was spent of %d", effort-r.effort, effort)
		}
		return found
	}
	if got, want := run(Unlimited), []int{200, 10_000, 100}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	for range 2 {
		if got, want := run(5_000), []int{200, 2_300, 0}; !slices.Equal(got, want) {
			t.Errorf("found %v with little effort, want %v", got, want)
		}
	}
}

// TestWanted looks for some trackers of those compiled.
func TestWanted(t *testing.T) {
	t.Parallel()

	matcher := shipped(t).Compile([]Tracker{{Vocabulary: []string{"cancel it"}}, {Vocabulary: []string{"cancel it"}}, {Vocabulary: []string{"cancelling it"}}})
	r := matcher.Read([]bool{false, true, false}, Unlimited)
	defer r.Close()
	for _, text := range []string{"Cancel it.", "It was cancelled."} {
		found := r.Find(nil, words.Split(nil, text), 0)
		if len(found) != 1 || found[0].Tracker != 1 {
			t.Errorf("found %v in %q, want the second tracker", found, text)
		}
	}
}
