package tracking_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func newModel(tb testing.TB) *tracking.Model {
	tb.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		tb.Fatal(err)
	}
	model, err := tracking.New(lex)
	if err != nil {
		tb.Fatal(err)
	}
	return model
}

func find(m *tracking.Matcher, text string, least float64) []tracking.Match {
	return m.Find(nil, words.Split(nil, text), least)
}

// found returns matches as "tracker.term text@offset", similar ones as
// "tracker.term ~".
func found(m *tracking.Matcher, text string, least float64) (all []string) {
	for _, f := range find(m, text, least) {
		where := "~"
		if f.Start >= 0 {
			where = fmt.Sprintf("%s@%d", text[f.Start:f.End], f.Start)
		}
		all = append(all, fmt.Sprintf("%d.%d %s", f.Tracker, f.Term, where))
	}
	return all
}

func TestLiteral(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name                string
		vocabulary, exclude []string
		text                string
		want                []string
	}{
		{name: "none", vocabulary: []string{"price"}, text: "The weather is fine."},
		{name: "another case", vocabulary: []string{"Price List"}, text: "PRICE list?", want: []string{"0.0 PRICE list@0"}},
		{name: "bytes, not characters", vocabulary: []string{"price"}, text: "É👍 the price", want: []string{"0.0 price@11"}},
		{name: "twice", vocabulary: []string{"free trial"}, text: "a free trial is a Free Trial", want: []string{"0.0 free trial@2", "0.0 Free Trial@18"}},
		{name: "part of a word", vocabulary: []string{"rice"}, text: "the price"},
		{name: "marks around it", vocabulary: []string{"refund"}, text: "(refund), “refund”; refund!", want: []string{"0.0 refund@1", "0.0 refund@13", "0.0 refund@24"}},
		{name: "marks within it", vocabulary: []string{"no refund"}, text: "No, refund me."},
		{name: "marks of the term", vocabulary: []string{"Node.js", "AT&T", "C++"}, text: "node.js at&t c++", want: []string{"0.0 node.js@0", "0.1 at&t@8", "0.2 c++@13"}},
		{name: "hyphen and apostrophe", vocabulary: []string{"follow up", "don't"}, text: "I don’t follow-up", want: []string{"0.1 don’t@2", "0.0 follow-up@10"}},
		{name: "one within another", vocabulary: []string{"price", "price list", "list"}, text: "price list", want: []string{"0.0 price@0", "0.1 price list@0", "0.2 list@6"}},
		{name: "one over another", vocabulary: []string{"run out", "out of money"}, text: "run out of money", want: []string{"0.0 run out@0", "0.1 out of money@4"}},
		{name: "the same words twice", vocabulary: []string{"price", "Price."}, text: "price", want: []string{"0.0 price@0", "0.1 price@0"}},
		{name: "only common words", vocabulary: []string{"is it", "I"}, text: "What is it to I", want: []string{"0.0 is it@5", "0.1 I@14"}},
		{name: "a digit", vocabulary: []string{"SKU-42", "7"}, text: "sku-42 or sku-43, 7 or 77", want: []string{"0.0 sku-42@0", "0.1 7@18"}},
		{name: "no words", vocabulary: []string{"", " ", "\n", "price"}, text: "a price", want: []string{"0.3 price@2"}},
		{name: "nothing to look for", vocabulary: []string{}, text: "a price"},
		{name: "Chinese", vocabulary: []string{"太贵了"}, text: "这个太贵了吧", want: []string{"0.0 太贵了@6"}},
		{name: "Russian", vocabulary: []string{"слишком дорого"}, text: "Это СЛИШКОМ дорого!", want: []string{"0.0 СЛИШКОМ дорого@7"}},
		{name: "Arabic", vocabulary: []string{"غالي جدا"}, text: "هذا غالي جدا", want: []string{"0.0 غالي جدا@7"}},
		{name: "lower case takes fewer bytes", vocabulary: []string{"İzmir"}, text: "bir İZMİR", want: []string{"0.0 İZMİR@4"}},
		{name: "not UTF-8", vocabulary: []string{"price"}, text: "\xff price \xff", want: []string{"0.0 price@2"}},

		{name: "within an excluded term", vocabulary: []string{"apple"}, exclude: []string{"apple pie"}, text: "apple pie"},
		{name: "at the end of an excluded term", vocabulary: []string{"pie"}, exclude: []string{"apple pie"}, text: "apple pie"},
		{name: "beside an excluded term", vocabulary: []string{"apple"}, exclude: []string{"apple pie"}, text: "apple pie of an apple", want: []string{"0.0 apple@16"}},
		{name: "over the end of an excluded term", vocabulary: []string{"pie shop"}, exclude: []string{"apple pie"}, text: "apple pie shop", want: []string{"0.0 pie shop@6"}},
		{name: "over the start of an excluded term", vocabulary: []string{"an apple"}, exclude: []string{"apple pie"}, text: "an apple pie", want: []string{"0.0 an apple@0"}},
		{name: "around an excluded term", vocabulary: []string{"an apple pie"}, exclude: []string{"apple"}, text: "an apple pie", want: []string{"0.0 an apple pie@0"}},
		{name: "within the longer of two excluded terms", vocabulary: []string{"of gold"}, exclude: []string{"pot", "pot of gold"}, text: "pot of gold"},
		{name: "after a short excluded term within a long one", vocabulary: []string{"gold"}, exclude: []string{"pot of gold", "of"}, text: "pot of gold"},
		{name: "excluded itself", vocabulary: []string{"apple"}, exclude: []string{"Apple"}, text: "apple"},
		{name: "excluded elsewhere", vocabulary: []string{"apple"}, exclude: []string{"pear"}, text: "pear, apple", want: []string{"0.0 apple@6"}},
	}
	model := newModel(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			matcher := model.Compile([]tracking.Tracker{{Vocabulary: tt.vocabulary, Exclude: tt.exclude}})
			if got := found(matcher, tt.text, 1); !slices.Equal(got, tt.want) {
				t.Errorf("Find(%q) of %q less %q = %q, want %q", tt.text, tt.vocabulary, tt.exclude, got, tt.want)
			}
		})
	}
}

// TestTrackersApart has trackers with terms in common: what one of them
// excludes is of no account to the other.
func TestTrackersApart(t *testing.T) {
	t.Parallel()

	matcher := newModel(t).Compile([]tracking.Tracker{
		{},
		{Vocabulary: []string{"fruit", "apple"}, Exclude: []string{"apple pie"}},
		{Vocabulary: []string{"Apple"}},
		{Exclude: []string{"apple"}},
	})
	got, want := found(matcher, "apple pie and apple", 1), []string{"2.0 apple@0", "1.1 apple@14", "2.0 apple@14"}
	if !slices.Equal(got, want) {
		t.Errorf("Find = %q, want %q", got, want)
	}
}

func TestSimilar(t *testing.T) {
	t.Parallel()

	trackers := []tracking.Tracker{
		{Vocabulary: []string{"what is the price", "how much does it cost", "pricing details"}},
		{Vocabulary: []string{"cancel my subscription", "I want to cancel the contract", "stop the subscription"}},
		{Vocabulary: []string{"book a meeting room", "schedule a meeting"}},
		{Vocabulary: []string{"is it", "to the"}},
		{Vocabulary: []string{"order 66", "部品番号"}},
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{name: "other forms", text: "How much would it be costing us?", want: []string{"0.1 ~"}},
		{name: "other order", text: "The subscription must be cancelled.", want: []string{"1.0 ~"}},
		{name: "misspelled", text: "I want to cancell the contract", want: []string{"1.1 ~"}},
		{name: "misspelled throughout: a limit", text: "I wuold like to cancell my subscripton"},
		{name: "more words", text: "Could you schedule the next meeting for us?", want: []string{"2.1 ~"}},
		{name: "literal, so not similar", text: "Tell me how much does it cost, the price", want: []string{"0.1 how much does it cost@8"}},
		{name: "another subject with a word in common", text: "Could you postpone the next meetings?"},
		{name: "another subject", text: "The weather in Rome was lovely last week."},
		{name: "only common words shared", text: "What is the name of the dog?"},
		{name: "another code", text: "sector 67"},
		{name: "shares no word: a limit", text: "Is that within our budget?"},
		{name: "another language", text: "¿Cuánto cuesta?"},
		{name: "one character of a script without blanks", text: "番"},
		{name: "no words", text: "... 👍 ?!"},
		{name: "nothing", text: ""},
	}
	matcher := newModel(t).Compile(trackers)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := found(matcher, tt.text, 0.5); !slices.Equal(got, tt.want) {
				t.Errorf("Find(%q) = %q, want %q; all: %v", tt.text, got, tt.want, find(matcher, tt.text, 0))
			}
		})
	}
}

// TestSimilarExcluded has trackers in pairs of the same vocabulary, the second
// of which has something to exclude.
func TestSimilarExcluded(t *testing.T) {
	t.Parallel()

	contract, discount := []string{"cancel my subscription", "I want to cancel the contract"}, []string{"we want a discount", "special promotion"}
	matcher := newModel(t).Compile([]tracking.Tracker{
		{Vocabulary: contract},
		{Vocabulary: contract, Exclude: []string{"do not cancel the contract", "keep the contract"}},
		{Vocabulary: discount},
		{Vocabulary: discount, Exclude: []string{"student discount"}},
	})
	tests := []struct {
		name, text string
		want       []string
	}{
		{name: "nearer to what is excluded", text: "We will not cancel that contract", want: []string{"0.1 ~"}},
		{name: "nearer to the vocabulary", text: "Cancel our subscriptions, please", want: []string{"0.0 ~", "1.0 ~"}},
		{name: "near to what is excluded", text: "We wanted the students' discounts", want: []string{"2.0 ~"}},
		{name: "what is excluded stands in it", text: "We wanted the student discount", want: []string{"2.0 ~"}},
		{name: "what another excludes stands in it", text: "Keep the contract, we want the discounts", want: []string{"2.0 ~", "3.0 ~"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := found(matcher, tt.text, 0.5); !slices.Equal(got, tt.want) {
				t.Errorf("Find(%q) = %q, want %q; all: %v", tt.text, got, tt.want, find(matcher, tt.text, 0))
			}
		})
	}
}

// TestLeast checks that a threshold drops what scores less, and nothing else.
func TestLeast(t *testing.T) {
	t.Parallel()

	matcher := newModel(t).Compile(phrases(250))
	high := 0
	for _, text := range append(slices.Clone(sentences),
		"We are not at all happy with our contracts, and there was a problem with the delivery.", "How much would the training sessions be?",
		"I really want to cancel this subscription now", "Who would be responsible for security reviews?",
		"The shipments are way too expensive for us", "There were problems with my passwords again", "Send me an invoice, could you?") {
		all := find(matcher, text, 0)
		if !slices.IsSortedFunc(all, func(a, b tracking.Match) int { return cmp.Compare(a.Tracker, b.Tracker) }) {
			t.Errorf("Find(%q) = %v, want it by tracker", text, all)
		}
		for _, least := range []float64{-1, 0.01, 0.3, 0.5, 0.7, 0.9, 1, 2} {
			want := slices.DeleteFunc(slices.Clone(all), func(m tracking.Match) bool { return m.Score < min(1, least) })
			if got := find(matcher, text, least); !slices.Equal(got, want) {
				t.Errorf("Find(%q, %.2f) = %v, want what scores that much of %v", text, least, got, all)
			}
		}
		for _, m := range all {
			if m.Score >= 0.7 && m.Score < 1 {
				high++
			}
			if got := find(matcher, text, math.Nextafter(m.Score, 2)); m.Score < 1 && slices.Contains(got, m) {
				t.Errorf("Find(%q) for more than %v = %v, want it without %v", text, m.Score, got, m)
			}
			if got := find(matcher, text, m.Score); !slices.Contains(got, m) {
				t.Errorf("Find(%q, %v) = %v, want %v among it", text, m.Score, got, m)
			}
		}
	}
	if high < 5 {
		t.Errorf("%d scores are high, too few to tell", high)
	}
}

func TestFindAppends(t *testing.T) {
	t.Parallel()

	before := tracking.Match{Tracker: 7}
	for _, trackers := range [][]tracking.Tracker{nil, {{Vocabulary: []string{"price"}}}} {
		want := []tracking.Match{before}
		if trackers != nil {
			want = append(want, tracking.Match{Start: 0, End: 5, Score: 1})
		}
		got := newModel(t).Compile(trackers).Find([]tracking.Match{before}, words.Split(nil, "price"), 0.5)
		if !slices.Equal(got, want) {
			t.Errorf("Find of %v = %v, want %v", trackers, got, want)
		}
	}
}

// TestShared asks matchers of the same trackers from several goroutines, again
// and again: the answer is always the same, to the last digit.
func TestShared(t *testing.T) {
	t.Parallel()

	model := newModel(t)
	matcher := model.Compile(phrases(100))
	want := findAll(model.Compile(phrases(100)))
	if len(want) < 10 {
		t.Fatalf("%d matches are too few to tell", len(want))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if got := findAll(matcher); !slices.Equal(got, want) {
					t.Errorf("found %v, before %v", got, want)
				}
			}
		})
	}
	wg.Wait()
}

// findAll finds what is in all sentences, and in between in none.
func findAll(m *tracking.Matcher) (all []tracking.Match) {
	for _, text := range sentences {
		all = m.Find(all, words.Split(nil, text), 0)
		all = m.Find(all, nil, 0)
	}
	return all
}
