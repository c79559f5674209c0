package speech_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestFindAppends(t *testing.T) {
	t.Parallel()

	f := speech.New()
	to := f.Find(nil, words.Split(nil, "Could you call me?"), speech.People{})
	to = f.Find(to, words.Split(nil, "I'll fix it."), speech.People{})
	var got []speech.Kind
	for _, finding := range to {
		got = append(got, finding.Kind)
	}
	if want := []speech.Kind{speech.Question, speech.FollowUp, speech.ActionItem}; !slices.Equal(got, want) {
		t.Errorf("Find appended to %v, want %v", got, want)
	}
}

// Long text of one kind takes no longer than its length explains.
func TestLongText(t *testing.T) {
	t.Parallel()

	f := speech.New()
	for _, piece := range []string{"a", "I ", "I will ", "please ", "? ", "! ", "😀", "e\u0301", "שלום ", "and ", "to ", "if you ", "Bob ", "right ", "- ", "please, "} {
		said := words.Split(nil, strings.Repeat(piece, 64<<10/len(piece)))
		for _, finding := range f.Find(nil, said, speech.People{}) {
			if finding.Score > 1 {
				t.Errorf("%q, repeated: %+v", piece, finding)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, text := range []string{
		"Could you call Bob'll by 3?\xff", "I will, in fact, e-mail", "Let me", "please ,", "to - do :",
		"Mark and I will would be appreciated", "İ will have to be", "don't forget to", "’ll", "if you",
	} {
		f.Add(text)
	}
	finder := speech.New()
	f.Fuzz(func(t *testing.T, text string) {
		said := words.Split(nil, text)
		found := finder.Find(nil, said, speech.People{Speaker: "Ann", Members: words.NewNames([]string{"", "Bob ’ll"})})
		if diff := cmp.Diff(found, finder.Find(nil, said, speech.People{Speaker: "Ann", Members: words.NewNames([]string{"", "Bob ’ll"})})); diff != "" {
			t.Fatalf("%q differs the second time: %s", text, diff)
		}
		for _, f := range found {
			if f.Score < speech.MinScore || f.Score > 1 || (f.Kind == speech.Question) != (len(f.Phrases) == 0) {
				t.Fatalf("%q: %+v", text, f)
			}
			end := 0
			for _, p := range append(f.Phrases, speech.Span{Start: max(end, f.Name.Start), End: f.Name.End}) {
				if p.Start < 0 || p.Start > p.End || p.End > len(text) {
					t.Fatalf("%q: span %v of %+v", text, p, f)
				}
			}
			for _, p := range f.Phrases {
				if p.Start < end || p.Start == p.End {
					t.Fatalf("%q: phrase %v of %+v", text, p, f)
				}
				end = p.End
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	const message = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? I'll send the list tomorrow, I really appreciate it!"
	var sentences [][]words.Word
	for text := range strings.SplitAfterSeq(message, ". ") {
		sentences = append(sentences, words.Split(nil, text))
	}
	finder := speech.New()
	people := speech.People{Speaker: "Natalia Diaz", Members: words.NewNames([]string{"Mike Jones"})}
	var found []speech.Finding
	b.ReportAllocs()
	for b.Loop() {
		found = found[:0]
		for _, s := range sentences {
			found = finder.Find(found, s, people)
		}
	}
}
