package custom_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/custom"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestFind(t *testing.T) {
	t.Parallel()

	own := newFinder("Marketing Director", "director", "New York", "York Times")
	saved := newFinder("Director.", "marketing", "marketing director of", "プラン", "new york")
	tests := []struct {
		name, text string
		want       []string
	}{
		{name: "nothing", text: "the directors market"},
		{name: "the longest", text: "The marketing DIRECTOR is here", want: []string{"0.0@4-22"}},
		{name: "the longest of all finders", text: "marketing director of", want: []string{"1.2@0-21"}},
		{name: "the first finder's", text: "a director's", want: []string{"0.1@2-10"}},
		{name: "the second finder's", text: "marketing", want: []string{"1.1@0-9"}},
		{name: "the first of two that overlap", text: "New York Times", want: []string{"0.2@0-8"}},
		{name: "twice", text: "New York, new york", want: []string{"0.2@0-8", "0.2@10-18"}},
		{name: "another script", text: "この プラン を", want: []string{"1.3@7-16"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got []string
			for _, m := range custom.Find(nil, words.Split(nil, tt.text), own, saved) {
				got = append(got, fmt.Sprintf("%d.%d@%d-%d", m.Finder, m.Entity, m.Start, m.End))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Find(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// newFinder returns a finder of texts that are all to be found.
func newFinder(texts ...string) *custom.Finder {
	b := custom.NewBuilder()
	for _, text := range texts {
		if !b.Add(text) {
			panic(text + " would not be found")
		}
	}
	return b.Finder()
}

// TestSameWords adds what another entity says already, and what says nothing.
func TestSameWords(t *testing.T) {
	t.Parallel()

	b := custom.NewBuilder()
	for _, add := range []struct {
		text string
		want bool
	}{{"director", true}, {"Director.", false}, {"", false}, {"directors", true}} {
		if got := b.Add(add.text); got != add.want {
			t.Errorf("Add(%q) = %t, want %t", add.text, got, add.want)
		}
	}
	found := custom.Find(nil, words.Split(nil, "directors"), b.Finder())
	if len(found) != 1 || found[0].Entity != 1 {
		t.Errorf("found %v, want the second of those that were added", found)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("a b", "b c", "a b c")
	f.Fuzz(func(t *testing.T, one, two, text string) {
		a, b := custom.NewBuilder(), custom.NewBuilder()
		a.Add(one)
		b.Add(two)
		matches := custom.Find(nil, words.Split(nil, text), a.Finder(), b.Finder())
		end := 0
		for _, m := range matches {
			if m.Start < end || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("Find(%q) = %v: overlap or out of bounds", text, matches)
			}
			end = m.End
		}
	})
}

const message = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it!"

func manyEntities() *custom.Finder {
	heads := []string{"New York", "best way", "right person", "help desk", "ABC Corp", "student", "Hope Street", "in the year"}
	b := custom.NewBuilder()
	for i := range 20_000 {
		b.Add(fmt.Sprintf("%s %d", heads[i%len(heads)], i))
	}
	b.Add("ABC Corp")
	return b.Finder()
}

func BenchmarkFind(b *testing.B) {
	finder := manyEntities()
	text := words.Split(nil, message)
	matches := custom.Find(nil, text, finder)
	b.ReportAllocs()
	for b.Loop() {
		matches = custom.Find(matches[:0], text, finder)
	}
	if len(matches) != 1 {
		b.Errorf("found %v, want ABC Corp", matches)
	}
}

func BenchmarkNew(b *testing.B) {
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		size = manyEntities().Size()
	}
	b.ReportMetric(float64(size), "bytes")
}
