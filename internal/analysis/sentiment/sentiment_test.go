package sentiment

import (
	"math"
	"strings"
	"testing"

	"github.com/jonreiter/govader"
)

func TestPolarity(t *testing.T) {
	t.Parallel()

	tests := map[string]Label{
		"I love this, great work!":             Positive,
		"GOOD.":                                Positive,
		"It is slow, but the result is great.": Positive,
		"This is not good at all.":             Negative,
		"The service was terrible and slow.":   Negative,
		"I hate it 😡":                          Negative,
		"😍":                                    Positive,
		"see you\n:)":                          Neutral, // only blanks part words
		"see you :)":                           Positive,
		"I'll send the report on Monday.":      Neutral,
		"":                                     Neutral,
		" ":                                    Neutral,
		"我明天会把报告发给你。":                          Neutral,
	}
	a := New()
	for text, want := range tests {
		if got := LabelOf(a.Polarity(text)); got != want {
			t.Errorf("%q is %s (%.3f), want %s", text, got, a.Polarity(text), want)
		}
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()

	tests := map[float64]Label{
		-1: Negative, -0.301: Negative, -0.3: Neutral, 0: Neutral, 0.2: Neutral,
		0.3: Neutral, 0.301: Positive, 0.389: Positive, 1: Positive,
	}
	for polarity, want := range tests {
		if got := LabelOf(polarity); got != want {
			t.Errorf("Suggest(%.3f) = %s, want %s", polarity, got, want)
		}
	}
}

// The words of the lexicon must fit into what is looked up.
func TestLexiconIsShortEnough(t *testing.T) {
	t.Parallel()

	a := New()
	for word := range a.lexicon {
		if !a.knows(word) && word == strings.ToLower(word) {
			t.Errorf("%q of the lexicon, %d bytes, is not found", word, len(word))
		}
	}
}

func TestNeutralAllocatesNothing(t *testing.T) {
	a := New()
	if n := testing.AllocsPerRun(100, func() { a.Polarity("I'll be there on Monday, at 3 or so – with Éva.") }); n != 0 {
		t.Errorf("a sentence without coloured words allocates %.0f times, want 0", n)
	}
}

func TestLongText(t *testing.T) {
	t.Parallel()

	a := New()
	for _, piece := range []string{"a", "good ", "not ", "😀", "e\u0301", "שלום ", "! ", "but ", "kind of "} {
		if p := a.Polarity(strings.Repeat(piece, 64<<10/len(piece))); math.IsNaN(p) || p < -1 || p > 1 {
			t.Errorf("%q, repeated: %f", piece, p)
		}
	}
}

func FuzzPolarity(f *testing.F) {
	for _, text := range []string{"I LOVE it, İ don't\xff :) 😍", "no\u00a0good", "\tgood", "\"good\\", "gOOD!!!", "K", "\u212ailled"} {
		f.Add(text)
	}
	a, vader := New(), govader.NewSentimentIntensityAnalyzer()
	f.Fuzz(func(t *testing.T, text string) {
		got := a.Polarity(text)
		want := math.Round(vader.PolarityScores(text).Compound*1000) / 1000
		if got != want || !(got >= -1 && got <= 1) {
			t.Fatalf("Polarity(%q) = %f, want %f", text, got, want)
		}
	})
}

func BenchmarkPolarity(b *testing.B) {
	a := New()
	for name, sentences := range map[string][]string{
		"neutral": {"Hi Mike, Natalia here.", "Who would be the person to ask about internships and students at ABC Corp in New York, or about the next meeting?", "Would you point me to the office and the way to them, so that I can send the list to the people in the second half of the year and come back to you after that?"},
		"mixed":   {"Hi Mike, Natalia here.", "Hope you don’t mind me reaching out.", "Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York?", "Would you mind pointing me toward the right person and the way to reach them?", "Thanks in advance for your help, I really appreciate it!"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range sentences {
					a.Polarity(s)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New()
	}
}
