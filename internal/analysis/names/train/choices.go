package main

import (
	"fmt"

	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

// A choice is between what was chosen so far and some alternatives.
type choice struct {
	name         string
	by           []int // the sets that judge
	alternatives []alternative
}

type alternative struct {
	name   string
	change func(*recipe)
}

// choices are made in this order.
func choices() []choice {
	every := []int{web, twitter, wiki}
	return []choice{
		{name: "sections of Broad Twitter", by: every, alternatives: alternatives(sections, "none", "ab", "abe", "ag", "abg", "abfg", corpus.Sections)},
		{name: "rounds", by: every, alternatives: alternatives(rounds, 3, 4, 9, 12)},
		{name: "of ten in lower case", by: every, alternatives: alternatives(lower, 0, 2, 6, 8, 10)},
		{name: "of ten in upper case", by: every, alternatives: alternatives(upper, 1, 2)},
		{name: "features without", by: every, alternatives: withouts("neighbours", "pairs of words", "pairs of shapes", "affixes", "clusters",
			"pairs of clusters", "ranks", "first names", "last names", "places", "organisations")},
		{name: "bits of a feature", by: every, alternatives: alternatives(bits, 16, 17, 19)},
		{name: "grain", by: every, alternatives: alternatives(grain, 1.5, 6, 12)},
		{name: "models that are averaged", by: every, alternatives: alternatives(members, 1, 4, 8)},
		{name: "section h", by: []int{web, wiki}, alternatives: []alternative{{"too", func(r *recipe) { r.twitterDev = true }}}},
	}
}

func alternatives[T any](change func(*recipe, T), values ...T) (all []alternative) {
	for _, v := range values {
		all = append(all, alternative{fmt.Sprint(v), func(r *recipe) { change(r, v) }})
	}
	return all
}

func sections(r *recipe, s string) {
	if s == "none" {
		s = ""
	}
	r.sections = s
}

func rounds(r *recipe, n int)     { r.options.Rounds = n }
func members(r *recipe, n int)    { r.options.Members = n }
func lower(r *recipe, n int)      { r.lower = n }
func upper(r *recipe, n int)      { r.upper = n }
func bits(r *recipe, n uint32)    { r.options.Bits = n }
func grain(r *recipe, to float64) { r.options.Grain = to }

// withouts are the recipes that do without a kind of features each, by their
// names in the order of [names.Kinds].
func withouts(kinds ...string) (all []alternative) {
	for n, name := range kinds {
		all = append(all, alternative{name, func(r *recipe) { r.options.Without |= names.Neighbours << n }})
	}
	return all
}
