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

	entities := []custom.Entity{
		{Type: "role", Text: "Marketing Director"},
		{Type: "role", Text: "director"},
		{Type: "role", Text: "Director."}, // the one before says it already
		{Type: "film", Text: "director"},
		{Type: "place", Text: "New York"},
		{Type: "paper", Text: "York Times"},
		{Type: "plan", Text: "プラン"},
		{Type: "empty", Text: ""},
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{name: "nothing", text: "the directors market"},
		{name: "the longest", text: "The marketing DIRECTOR is here", want: []string{"0@4-22"}},
		{name: "several types", text: "a director's", want: []string{"1@2-10", "3@2-10"}},
		{name: "the first of two that overlap", text: "New York Times", want: []string{"4@0-8"}},
		{name: "twice", text: "New York, new york", want: []string{"4@0-8", "4@10-18"}},
		{name: "another script", text: "この プラン を", want: []string{"6@7-16"}},
	}
	finder := custom.New(entities)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got []string
			matches := finder.Find(nil, words.Split(nil, tt.text))
			for _, m := range matches {
				got = append(got, fmt.Sprintf("%d@%d-%d", m.Entity, m.Start, m.End))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Find(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	f.Add("a b", "b c", "a b c")
	f.Fuzz(func(t *testing.T, one, two, text string) {
		matches := custom.New([]custom.Entity{{Text: one}, {Text: two}}).Find(nil, words.Split(nil, text))
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

func manyEntities() []custom.Entity {
	heads := []string{"New York", "best way", "right person", "help desk", "ABC Corp", "student", "Hope Street", "in the year"}
	entities := make([]custom.Entity, 20_000)
	for i := range entities {
		entities[i] = custom.Entity{Type: "thing", Text: fmt.Sprintf("%s %d", heads[i%len(heads)], i)}
	}
	return append(entities, custom.Entity{Type: "company", Text: "ABC Corp"})
}

func BenchmarkFind(b *testing.B) {
	finder := custom.New(manyEntities())
	text := words.Split(nil, message)
	matches := finder.Find(nil, text)
	b.ReportAllocs()
	for b.Loop() {
		matches = finder.Find(matches[:0], text)
	}
	if len(matches) != 1 {
		b.Errorf("found %v, want ABC Corp", matches)
	}
}

func BenchmarkNew(b *testing.B) {
	entities := manyEntities()
	b.ReportAllocs()
	for b.Loop() {
		custom.New(entities)
	}
}
