package names_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/conll"
)

var data = flag.String("names.data", "", "folder with WNUT17 and wikigold to measure on")

// TestEval measures names by exact span and type on text that was not used in
// training:
//
//	go test ./internal/analysis/names -run Eval -v -names.data DIR
func TestEval(t *testing.T) {
	if *data == "" {
		t.Skip("no data to measure on: name a folder with -names.data")
	}
	tagger := newTagger(t)
	for _, set := range []struct {
		name, file string
		least      float64
	}{
		{"WNUT17 test", "WNUT17/test/emerging.test.annotated", 0.45},
		{"wikigold, last fifth", "wikigold/wikigold.conll.txt:-1/5", 0.66},
	} {
		sentences, err := conll.Read(filepath.Join(*data, set.file))
		if err != nil {
			t.Fatal(err)
		}
		as := measure(t, tagger, set.name, sentences, func(s string) string { return s })
		lower := measure(t, tagger, set.name+", lower case", sentences, strings.ToLower)
		if as < set.least || lower < 0.8*as {
			t.Errorf("%s: F1 %.3f, in lower case %.3f; want %.2f and 0.8 of it", set.name, as, lower, set.least)
		}
	}
}

type span struct {
	from, to int
	kind     names.Type
}

func spans(kinds []names.Type, begins []bool) map[span]bool {
	all := map[span]bool{}
	for i := range kinds {
		if !begins[i] || kinds[i] == "" {
			continue
		}
		end := i + 1
		for end < len(kinds) && kinds[end] == kinds[i] && !begins[end] {
			end++
		}
		all[span{i, end, kinds[i]}] = true
	}
	return all
}

func measure(t *testing.T, tagger *names.Tagger, name string, sentences []names.Sentence, form func(string) string) (f1 float64) {
	t.Helper()
	right, found, given := map[names.Type]float64{}, map[names.Type]float64{}, map[names.Type]float64{}
	for _, s := range sentences {
		words := make([]string, len(s.Words))
		for i, w := range s.Words {
			words[i] = form(w)
		}
		gold, got := spans(s.Types, s.Begins), spans(tagger.Label(words))
		for g := range gold {
			given[g.kind]++
			given[""]++
		}
		for g := range got {
			found[g.kind]++
			found[""]++
			if gold[g] {
				right[g.kind]++
				right[""]++
			}
		}
	}
	for _, kind := range []names.Type{names.Person, names.Organization, names.Location, ""} {
		p, r := right[kind]/max(found[kind], 1), right[kind]/max(given[kind], 1)
		f1 = 2 * p * r / max(p+r, 1e-9)
		t.Logf("%-32s %-13s P %.3f R %.3f F1 %.3f (%d)", name, kind, p, r, f1, int(given[kind]))
	}
	return f1
}

func newTagger(tb testing.TB) *names.Tagger {
	tb.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		tb.Fatal(err)
	}
	tagger, err := names.New(lex)
	if err != nil {
		tb.Fatal(err)
	}
	return tagger
}

func BenchmarkFind(b *testing.B) {
	tagger := newTagger(b)
	const text = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it!"
	b.ReportAllocs()
	var found []names.Name
	for b.Loop() {
		found = tagger.Find(found[:0], text)
	}
	for _, n := range found {
		b.Logf("%s %s %.2f", text[n.Start:n.End], n.Type, n.Score)
	}
}
