package patterns

import (
	"embed"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/nyaruka/phonenumbers"
	"mvdan.cc/xurls/v2"

	"github.com/turnwise/turnwise/internal/analysis/patterns/numerals"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// Type is the kind of a pattern, in the words of the API.
type Type string

// The types of patterns.
const (
	Email   Type = "email"
	URL     Type = "url"
	Phone   Type = "phone"
	Money   Type = "money"
	Percent Type = "percent"
	Number  Type = "number" // that is neither money nor a percentage
)

// A Pattern is one that was found.
type Pattern struct {
	Type       Type
	Start, End int    // in bytes
	Value      string // the same for all that mean the same; see the package comment
	Score      float64
}

// A Finder finds patterns.
type Finder struct {
	region     string
	urls       *regexp.Regexp
	numerals   map[string]numerals.Numeral
	currencies map[string]string // codes, by sign and by word
	tlds       map[string]bool   // those that mean something else in a text
}

// New returns a Finder that reads phone numbers as they are dialled in a region
// (ISO 3166, two letters; US if empty).
func New(region string) (*Finder, error) {
	if region == "" {
		region = "US"
	}
	if phonenumbers.GetCountryCodeForRegion(region) == 0 {
		return nil, fmt.Errorf("phone numbers of the region %q are not known", region)
	}
	f := &Finder{region: region, urls: xurls.Relaxed(), numerals: numerals.All(), tlds: map[string]bool{}, currencies: map[string]string{}}
	maps.Insert(f.currencies, words.Values(words.Read(data, "currency")))
	for tld := range words.Terms(words.Read(data, "ambiguous_tld")) {
		f.tlds[tld] = true
	}
	return f, nil
}

// Find returns the patterns in a text that was split into all, in their order.
// It appends to to.
func (f *Finder) Find(to []Pattern, text string, all []words.Word) []Pattern {
	first := len(to)
	to = inOrder(f.links(to, text), first)
	to = inOrder(f.phones(to, text, &occupied{taken: to[first:]}), first)
	to = f.numbers(to, all, &occupied{taken: to[first:]})
	return inOrder(to, first)
}

// inOrder sorts the patterns from first on by where they stand.
func inOrder(found []Pattern, first int) []Pattern {
	slices.SortFunc(found[first:], func(a, b Pattern) int { return a.Start - b.Start })
	return found
}

// occupied are what patterns have taken of a text, in order. It is asked from
// the left to the right.
type occupied struct{ taken []Pattern }

// free reports whether nothing has taken a part of what is from start to end.
func (p *occupied) free(start, end int) bool {
	for len(p.taken) > 0 && p.taken[0].End <= start {
		p.taken = p.taken[1:]
	}
	return len(p.taken) == 0 || end <= p.taken[0].Start
}
