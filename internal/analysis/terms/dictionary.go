package terms

import (
	"embed"
	"math"
	"strings"

	"github.com/kljensen/snowball/english"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// rarest is the rank from which on words are equally rare.
const rarest = 60_000

// A Dictionary knows the words of English.
type Dictionary struct {
	lexicon *lexicon.Lexicon
	kinds   map[string]Kind
	verbs   map[string]Kind // by stem: Stop or Deed
	deeds   map[string]bool // the verbs that are Deed
}

// New returns a Dictionary that ranks words by lex.
func New(lex *lexicon.Lexicon) *Dictionary {
	d := &Dictionary{lexicon: lex, kinds: map[string]Kind{}, verbs: map[string]Kind{}, deeds: map[string]bool{}}
	for name, kind := range map[string]Kind{"stop": Stop, "adverb": Adverb, "lead": Lead, "being": Being, "noun": Content, "quality": Quality, "weak": Weak, "measure": Deed, "past": Deed, "determiner": Determiner} {
		for word := range words.Terms(words.Read(data, name)) {
			d.kinds[word] = kind
		}
	}
	for name, kind := range map[string]Kind{"verb": Stop, "deed": Deed} {
		for verb := range words.Terms(words.Read(data, name)) {
			root := english.Stem(verb, true)
			if _, less := d.verbs[root]; !less || kind == Stop {
				d.verbs[root] = kind
			}
			d.deeds[verb] = kind == Deed
		}
	}
	return d
}

// stem returns what all forms of a word in lower case have in common, "bus" and "buses",
// "e-mail" and "email" among them.
func (d *Dictionary) stem(lower string) string {
	if strings.Contains(lower, "-") {
		if joined := strings.ReplaceAll(lower, "-", ""); d.knows(joined) {
			lower = joined
		}
	}
	if base, ok := strings.CutSuffix(lower, "es"); ok && len(base) > 2 && !d.knows(base+"e") && (strings.HasSuffix(base, "s") && d.knows(base)) {
		return english.Stem(base, true)
	}
	if base, ok := strings.CutSuffix(lower, "ves"); ok {
		switch verb := d.knows(base + "ve"); {
		case d.knows(base+"f") && (!verb || d.rarity(base+"f") < d.rarity(base+"ve")): // "leaves" is of "leave"
			return english.Stem(base+"f", true)
		case !verb && d.knows(base+"fe"):
			return english.Stem(base+"fe", true)
		}
	}
	return english.Stem(lower, true)
}

func (d *Dictionary) knows(lower string) bool {
	_, found := d.lexicon.Find([]byte(lower))
	return found
}

// kind says what a word in lower case is; its apostrophes are straight.
func (d *Dictionary) kind(lower, stem string) Kind {
	if kind, ok := d.kinds[lower]; ok {
		return kind
	}
	if _, ending, ok := strings.Cut(lower, "'"); ok {
		switch ending {
		case "t", "ll", "d":
			return Lead
		case "re", "ve", "m":
			return Being
		}
	}
	switch {
	case strings.Contains(lower, "-"):
		return d.joinedKind(lower)
	case !wordLike(lower):
		return Mark
	case d.verbs[stem] == Stop, d.verbs[stem] == Deed && (d.deeds[strings.TrimSuffix(lower, "s")] || !isNominal(lower)):
		return d.verbs[stem]
	case len(lower) > 4 && strings.HasSuffix(lower, "ly"):
		return Adverb
	case isQuality(lower) || d.isComparative(lower):
		return Quality
	}
	return Content
}

// participle reports whether a word ends in -ed behind another word: "waived",
// "skipped", "unannounced", and not "memcached".
func (d *Dictionary) participle(lower string) bool {
	base, ok := strings.CutSuffix(strings.TrimPrefix(lower, "un"), "ed")
	if !ok || len(base) < 3 || strings.HasSuffix(base, "e") {
		return false
	}
	if last := len(base) - 1; base[last] == base[last-1] {
		base = base[:last]
	}
	return d.knows(base) || d.knows(base+"e") || base[len(base)-1] == 'i' && d.knows(base[:len(base)-1]+"y")
}

// isNominal reports whether a word ends as nouns do that are made of verbs: "connection" of
// "connect".
func isNominal(lower string) bool {
	for _, ending := range [...]string{"ion", "ions", "ment", "ments", "or", "ors", "er", "ers", "ance", "ence", "al", "als"} {
		if strings.HasSuffix(lower, ending) {
			return true
		}
	}
	return false
}

// isComparative reports whether a word is the comparative or superlative of an adjective:
// "safer", "nastiest".
func (d *Dictionary) isComparative(lower string) bool {
	base, ok := strings.CutSuffix(lower, "er")
	if !ok {
		base, ok = strings.CutSuffix(lower, "est")
	}
	if !ok || len(base) < 3 {
		return false
	}
	if d.kinds[base] == Quality || d.kinds[base+"e"] == Quality {
		return true
	}
	last := len(base) - 1
	return base[last] == 'i' && d.kinds[base[:last]+"y"] == Quality || base[last] == base[last-1] && d.kinds[base[:last]] == Quality
}

// isQuality reports whether a word ends as adjectives do.
func isQuality(lower string) bool {
	if len(lower) < 6 {
		return false
	}
	for _, ending := range [...]string{"ful", "less", "ous", "able", "ible", "ish"} {
		if strings.HasSuffix(lower, ending) {
			return true
		}
	}
	return false
}

// joinedKind says what a row of words with hyphens is: content if a part is.
func (d *Dictionary) joinedKind(lower string) Kind {
	joined := Mark
	for part := range strings.SplitSeq(lower, "-") {
		switch d.kind(part, d.stem(part)) {
		case Content, Quality, Weak:
			return Content
		case Mark:
		default:
			joined = Stop
		}
	}
	return joined
}

// rarity returns how rare a word is, from 0 for the commonest to 1.
func (d *Dictionary) rarity(lower string) float64 {
	word, ok := d.lexicon.Find([]byte(lower))
	if !ok {
		return 1
	}
	return math.Log1p(float64(word.Rank)) / math.Log1p(rarest)
}
