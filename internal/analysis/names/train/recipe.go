package main

import (
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

// A recipe says what a model is made of. WNUT 2017 and wikigold are in each.
type recipe struct {
	sections   string // of the Broad Twitter Corpus
	webDev     bool   // whether the part of WNUT 2017 for development is text to learn from
	twitterDev bool   // whether section h is
	lower      int    // of ten sentences, how many are given once more in lower case
	upper      int    // and in upper case
	options    names.TrainOptions
}

// start is where the choice of a recipe begins.
func start() recipe {
	return recipe{
		sections: "abeg", lower: 4,
		options: names.TrainOptions{Rounds: 6, Members: 2, Bits: 18, Grain: 3},
	}
}

// shipped is the recipe of the model in the binary: what -dev ends with, and
// with the text for development, that there is no more to choose.
func shipped() recipe {
	return recipe{
		sections: "abefg", webDev: true, twitterDev: true, lower: 8,
		options: names.TrainOptions{Rounds: 6, Members: 8, Bits: 18, Grain: 6},
	}
}

// sentences returns what is to be learned from, but for a quarter of wikigold:
// [corpus.Quarters] leaves out none.
func (r recipe) sentences(c corpus.Corpus, without int) []names.Sentence {
	all := slices.Clone(c.Web)
	for _, section := range r.sections {
		all = append(all, c.Twitter[section]...)
	}
	if r.webDev {
		all = append(all, c.WebDev...)
	}
	if r.twitterDev {
		all = append(all, c.TwitterDev...)
	}
	for n, quarter := range c.Wiki {
		if n != without {
			all = append(all, quarter...)
		}
	}
	for n, s := range slices.Clip(all) {
		if n*7%10 < r.lower {
			all = append(all, in(strings.ToLower, s))
		}
		if n*7%10 >= 10-r.upper {
			all = append(all, in(strings.ToUpper, s))
		}
	}
	return all
}

func in(form func(string) string, s names.Sentence) names.Sentence {
	words := make([]string, len(s.Words))
	for i, w := range s.Words {
		words[i] = form(w)
	}
	s.Words = words
	return s
}
