package summary_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/summary"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var dictionary = sync.OnceValue(func() *terms.Dictionary {
	lex, err := lexicon.Load()
	if err != nil {
		panic(err)
	}
	return terms.New(lex)
})

func pick(size int, sentences ...string) (picked []string) {
	c := summary.Collect(dictionary())
	for _, s := range sentences {
		c.Add(words.Split(nil, s))
	}
	for _, n := range c.Pick(size) {
		picked = append(picked, sentences[n])
	}
	return picked
}

func TestPick(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name      string
		size      int
		sentences []string
		want      []string
	}{
		{name: "nothing", size: 3},
		{name: "less than nothing", size: -1, sentences: []string{"The budget is approved."}},
		{name: "no more than there is", size: 3, sentences: []string{"Okay."}, want: []string{"Okay."}},
		{
			name: "what others speak of too",
			size: 1,
			sentences: []string{
				"Hi, how are you all doing today?",
				"The weather was really nice here, by the way.",
				"The warehouse moves to Rotterdam in the spring.",
				"So the contracts of the warehouse end in May?",
				"Yes, and Rotterdam has the cranes already.",
			},
			want: []string{"The warehouse moves to Rotterdam in the spring."},
		},
		{
			name: "the second says something else, and the order stays",
			size: 2,
			sentences: []string{
				"The insurance of the trucks ends in winter.",
				"The warehouse moves to Rotterdam in the spring.",
				"In the spring the warehouse moves to Rotterdam.",
				"The trucks and the insurance are with Lena.",
				"Rotterdam has a warehouse with cranes already.",
			},
			want: []string{"The insurance of the trucks ends in winter.", "The warehouse moves to Rotterdam in the spring."},
		},
		{
			name:      "a statement rather than the question",
			size:      1,
			sentences: []string{"Is the warehouse in Rotterdam with the cranes?", "The warehouse in Rotterdam is with the cranes."},
			want:      []string{"The warehouse in Rotterdam is with the cranes."},
		},
		{
			name:      "no fragment",
			size:      1,
			sentences: []string{"The warehouse cranes.", "Rotterdam.", "The warehouse in Rotterdam has got its new cranes."},
			want:      []string{"The warehouse in Rotterdam has got its new cranes."},
		},
		{
			name:      "without blanks, the first ones",
			size:      2,
			sentences: []string{"我们明天见。", "好的。", "谢谢。"},
			want:      []string{"我们明天见。", "好的。"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if diff := cmp.Diff(tt.want, pick(tt.size, tt.sentences...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestParts has a long conversation about three things, of which the second is spoken of in
// words that count for more: each has its sentence.
func TestParts(t *testing.T) {
	t.Parallel()

	var sentences []string
	for _, about := range [][]string{
		{"garden", "roses", "fence", "gardener"},
		{"warehouse in Rotterdam", "cranes and insurance of the trucks", "forklifts with batteries from Antwerp", "pallets of the supplier in Dortmund"},
		{"school", "pupils", "teacher", "lessons"},
	} {
		for n := range 40 {
			sentences = append(sentences, fmt.Sprintf("We were talking about the %s, and the %s came up again.", about[n%4], about[(n+1)%4]))
		}
	}
	for _, size := range []int{3, 5} {
		c := summary.Collect(dictionary())
		for _, s := range sentences {
			c.Add(words.Split(nil, s))
		}
		parts := map[int]int{}
		for _, n := range c.Pick(size) {
			parts[n/40]++
		}
		if len(parts) != 3 {
			t.Errorf("the %d sentences are of the parts %v, want one of each at least", size, parts)
		}
	}
}

// TestConversation takes a meeting of 40 messages and picks what it is for
// and a sentence of three of its points, none twice.
func TestConversation(t *testing.T) {
	t.Parallel()

	content, err := os.ReadFile("testdata/launch.txt")
	if err != nil {
		t.Fatal(err)
	}
	sentences := strings.Split(strings.TrimSpace(string(content)), "\n")
	want := []string{
		"I'd like to go through the launch plan for the mobile app.",
		"The payment gateway works in the sandbox now.",
		"Retrying is dangerous because customers could be charged twice.",
		"The app store review took nine days last time.",
		"The agency promised the French translations for Friday.",
		"We also booked ads in two podcasts about personal finance.",
	}
	if diff := cmp.Diff(want, pick(summary.Size(len(sentences)), sentences...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()

	for n, want := range map[int]int{0: 0, 1: 1, 3: 3, 5: 3, 40: 6, 90: 7, 400: 7, 100_000: 7} {
		if got := summary.Size(n); got != want {
			t.Errorf("Size(%d) = %d, want %d", n, got, want)
		}
	}
}

// TestPickIsLinear gives it what a quadratic scan would not survive.
func TestPickIsLinear(t *testing.T) {
	t.Parallel()

	dictionary()
	many := make([]string, 50_000)
	for n := range many {
		many[n] = strings.Repeat(string(rune('a'+n%26)), 2+n%7) + " warehouse " + strings.Repeat("ab", n%20)
	}
	for _, sentences := range [][]string{
		{strings.Repeat("a", 64<<10)},
		{strings.Repeat("York ", 13<<10)},
		{strings.Repeat("😀", 10_000)},
		{strings.Repeat("a\u0301", 20_000)},
		{strings.Repeat("שלום ", 8<<10)},
		many,
	} {
		began := time.Now()
		pick(20, sentences...)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%d sentences, the first %.8q, took %v", len(sentences), sentences[0], took)
		}
	}
}

func FuzzPick(f *testing.F) {
	f.Add("The warehouse in Rotterdam.", "Is it?\xff İ", 2)
	f.Fuzz(func(t *testing.T, one, two string, size int) {
		c := summary.Collect(dictionary())
		for _, s := range []string{one, two, one + two, two + " " + one} {
			c.Add(words.Split(nil, s))
		}
		size %= 10
		got := c.Pick(size)
		if len(got) != min(4, max(0, size)) || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("Pick(%d) = %v of 4 sentences", size, got)
		}
	})
}

// BenchmarkPick takes 900 sentences, splitting into words included.
func BenchmarkPick(b *testing.B) {
	content, err := os.ReadFile("testdata/launch.txt")
	if err != nil {
		b.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	dictionary()
	b.ReportAllocs()
	var room []words.Word
	for b.Loop() {
		c := summary.Collect(dictionary())
		for n := range 900 {
			room = words.Split(room[:0], lines[n%len(lines)])
			c.Add(room)
		}
		c.Pick(summary.Size(900))
	}
}
