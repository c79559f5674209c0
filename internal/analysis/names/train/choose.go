package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

// gain is by how much an alternative must be better to be taken: less can be
// the luck of the order of sentences.
const gain = 0.002

// The sets that judge.
const (
	web = iota
	twitter
	wiki
	sets
)

// figures are the micro F1 of a recipe on each set, as it is and in lower case.
type figures [sets][2]float64

// mean is what recipes are judged by.
func (f figures) mean(by []int) (sum float64) {
	for _, set := range by {
		sum += f[set][0] + f[set][1]
	}
	return sum / float64(2*len(by))
}

// taken returns which alternative is the best and good enough to be taken, -1
// for what was chosen so far.
func taken(was figures, alternatives []figures, by []int) int {
	best, least := -1, was.mean(by)+gain
	for n, f := range alternatives {
		if m := f.mean(by); m >= least {
			best, least = n, m
		}
	}
	return best
}

// choose makes all choices and writes what they were made by. It fails if
// they do not lead to the recipe of the model that ships.
func choose(w io.Writer, lex *lexicon.Lexicon, text corpus.Corpus) error {
	fmt.Fprintf(w, "%-26s%-20s%15s%18s%18s%9s\n", "F1, and in lower case", "", "WNUT17 dev", "Broad Twitter h", "wikigold", "mean")
	best := start()
	was := judge(lex, text, best)
	for _, c := range choices() {
		row(w, c.name, "as before", was, c.by)
		var recipes []recipe
		var all []figures
		for _, a := range c.alternatives {
			r := best
			a.change(&r)
			recipes, all = append(recipes, r), append(all, judge(lex, text, r))
			row(w, "", a.name, all[len(all)-1], c.by)
		}
		name := "as before"
		if n := taken(was, all, c.by); n >= 0 {
			best, was, name = recipes[n], all[n], c.alternatives[n].name
		}
		fmt.Fprintf(w, "%-26s%s\n", "  taken:", name)
	}
	best.webDev = true // there is no more to choose by it
	fmt.Fprintf(w, "chosen: %+v\n", best)
	if best != shipped() {
		return fmt.Errorf("the model that ships is made by another recipe, %+v: change func shipped", shipped())
	}
	return nil
}

func row(w io.Writer, choice, name string, f figures, by []int) {
	fmt.Fprintf(w, "%-26s%-20s", choice, name)
	for _, set := range f {
		fmt.Fprintf(w, "%7.3f / %.3f  ", set[0], set[1])
	}
	fmt.Fprintf(w, "%9.4f\n", f.mean(by))
}

// judge makes a model without each quarter of wikigold and measures it on that
// quarter. On the other sets the mean of these models counts.
func judge(lex *lexicon.Lexicon, text corpus.Corpus, r recipe) (f figures) {
	var all [corpus.Quarters]figures
	var found [corpus.Quarters][2]corpus.Score
	var wait sync.WaitGroup
	for n, quarter := range text.Wiki {
		wait.Go(func() {
			t := names.NewWith(lex, names.Train(lex, r.sentences(text, n), r.options))
			for form, in := range [...]func(string) string{strings.Clone, strings.ToLower} {
				all[n][web][form] = corpus.Measure(t, text.WebDev, in)[corpus.All].F1()
				all[n][twitter][form] = corpus.Measure(t, text.TwitterDev, in)[corpus.All].F1()
				found[n][form] = corpus.Measure(t, quarter, in)[corpus.All]
			}
		})
	}
	wait.Wait()
	for form := range 2 {
		var sum corpus.Score
		for n := range all {
			f[web][form] += all[n][web][form] / corpus.Quarters
			f[twitter][form] += all[n][twitter][form] / corpus.Quarters
			sum = sum.Plus(found[n][form])
		}
		f[wiki][form] = sum.F1()
	}
	return f
}
