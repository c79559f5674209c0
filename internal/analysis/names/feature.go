package names

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// Kinds are kinds of features, a bit each.
type Kinds uint32

// What a model may look at beside the letters and the shape of a token.
const (
	Neighbours   Kinds = 1 << iota // the two words before and after
	WordPairs                      // the word with the one before, and the one after
	ShapePairs                     // the same with shapes
	Affixes                        // beginnings and ends of the word
	Clusters                       // of the word and its neighbours
	ClusterPairs                   // the same as pairs
	Ranks                          // how common the word is
	ListFirst                      // the lists of names, in the order of the files
	ListLast
	ListPlaces
	ListOrganizations
	endOfKinds
)

// A view is what the model sees of a token, as numbers that tell values apart.
type view struct {
	word     uint32 // its letters, whatever their case
	entry    uint32 // the same as the lists of names write it, without apostrophes
	shape    uint32 // upper, lower, digits, other: Xxx, xx, dd-
	prefixes [4]uint32
	suffixes [4]uint32
	clusters [lexicon.Levels]uint32
	rank     uint32 // how common it is, roughly
	lists    uint32 // bits: in which lists it stands, and where in the entry
	capital  bool
	letter   bool
}

// outside stands before and after the text.
var outside = view{word: hash(0, "<>"), shape: 1} //nolint:gochecknoglobals // a constant in all but syntax

const (
	offset uint32 = 2166136261
	prime  uint32 = 16777619
)

// hash is FNV-1a, begun with a seed.
func hash(seed uint32, s string) uint32 {
	h := offset ^ seed*prime
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * prime
	}
	return h
}

// mix joins two numbers into one that depends on both and on their order.
func mix(a, b uint32) uint32 {
	h := (a ^ b*0x9e3779b1) * 0x85ebca6b
	h ^= h >> 15
	h *= 0xc2b2ae35
	return h ^ h>>13
}

// fillView fills in the properties of a word. The buffer is for its lower-cased
// letters.
func fillView(v *view, text string, lex *lexicon.Lexicon, lower []byte) []byte {
	*v = view{rank: 15}
	lower = lower[:0]
	var ends [5]int // where the first letters end, in lower
	shape, last, run, n := offset, rune(0), 0, 0
	for _, r := range text {
		if r == '’' {
			r = '\'' // as most labelled text has it
		}
		class := classOf(r)
		if n == 0 {
			v.capital, v.letter = class == 'X', class == 'X' || class == 'x'
		}
		if class == last {
			run++
		} else {
			last, run = class, 0
		}
		if run < 2 {
			shape = (shape ^ uint32(class)) * prime
		}
		lower = utf8.AppendRune(lower, unicode.ToLower(r))
		if n++; n < len(ends) {
			ends[n] = len(lower)
		}
	}
	v.shape, v.word = shape, hash(0, string(lower))
	v.entry = v.word
	if bytes.IndexByte(lower, '\'') > 0 { // O'Brien, but not 's
		v.entry = hash(0, withoutApostrophes(string(lower)))
	}
	tail := len(lower)
	for k := 1; k <= len(v.prefixes) && k < n; k++ {
		_, size := utf8.DecodeLastRune(lower[:tail])
		tail -= size
		v.prefixes[k-1] = hash(uint32(k), string(lower[:ends[k]]))
		v.suffixes[k-1] = hash(uint32(k), string(lower[tail:]))
	}
	if w, ok := lex.Find(lower); ok {
		for level, c := range w.Clusters {
			v.clusters[level] = uint32(c) + 1
		}
		v.rank = 0
		for r := w.Rank; r > 50; r /= 3 {
			v.rank++
		}
	}
	return lower
}

func classOf(r rune) rune {
	switch {
	case unicode.IsUpper(r):
		return 'X'
	case unicode.IsLower(r):
		return 'x'
	case unicode.IsDigit(r):
		return 'd'
	}
	return r
}

// A template is a kind of feature. Kinds that come in numbers begin at theirs.
const (
	bias uint32 = iota
	word
	wordBefore
	wordAfter
	wordBefore2
	wordAfter2
	wordsBefore
	wordsAfter
	shapeCase
	shapes
	shapesBefore
	shapesAfter
	clustersBefore
	clustersAfter
	clustersWide
	clusterShape
	rankShape
	firstShape
	firstRank

	prefix        = 20 // 4 of them
	suffixes      = 24 // 4
	cluster       = 30 // a level each
	clusterBefore = 33
	clusterAfter  = 36
	listed        = 40 // a list each
	listedShape   = 60
	listedCase    = 80
	listedBefore  = 100
	listedAfter   = 120
)

// A describer collects the features of tokens.
type describer struct {
	bits     uint32 // that number a feature; what collides shares its weights
	without  Kinds
	views    []view
	sentence uint32 // its use of capitals, see [caseOf]
	list     []uint32
}

func (d *describer) add(template, value uint32) {
	h := mix(template, value)
	d.list = append(d.list, (h^h>>(d.bits&31))&(1<<(d.bits&31)-1))
}

func (d *describer) sees(k Kinds) bool { return d.without&k == 0 }

func (d *describer) at(n int) *view {
	if n < 0 || n >= len(d.views) {
		return &outside
	}
	return &d.views[n]
}

// describe returns the features of the nth token, valid until the next call.
func (d *describer) describe(n int) []uint32 {
	d.list = d.list[:0]
	v, before, after := d.at(n), d.at(n-1), d.at(n+1)
	d.add(bias, 0)
	d.add(word, v.word)
	d.add(shapeCase, mix(v.shape, d.sentence))
	if d.sees(Neighbours) {
		d.add(wordBefore, before.word)
		d.add(wordAfter, after.word)
		d.add(wordBefore2, d.at(n-2).word)
		d.add(wordAfter2, d.at(n+2).word)
	}
	if d.sees(WordPairs) {
		d.add(wordsBefore, mix(before.word, v.word))
		d.add(wordsAfter, mix(v.word, after.word))
	}
	if d.sees(ShapePairs) {
		d.add(shapes, mix(mix(before.shape, v.shape), after.shape))
		d.add(shapesBefore, mix(before.shape, v.shape))
		d.add(shapesAfter, mix(v.shape, after.shape))
	}
	if d.sees(Ranks) {
		d.add(rankShape, mix(v.rank, v.shape))
	}
	if n == 0 {
		d.add(firstShape, v.shape)
		d.add(firstRank, mix(v.shape, v.rank))
	}
	d.describeClusters(n, v, before, after)
	d.describeParts(v, before, after)
	return d.list
}

func (d *describer) describeClusters(n int, v, before, after *view) {
	if d.sees(Clusters) {
		for level := range uint32(lexicon.Levels) {
			d.add(cluster+level, mix(v.clusters[level], d.sentence&1))
			d.add(clusterBefore+level, before.clusters[level])
			d.add(clusterAfter+level, after.clusters[level])
		}
	}
	if !d.sees(ClusterPairs) {
		return
	}
	d.add(clusterShape, mix(v.clusters[1], v.shape))
	d.add(clustersBefore, mix(before.clusters[1], v.clusters[1]))
	d.add(clustersAfter, mix(v.clusters[1], after.clusters[1]))
	d.add(clustersWide, mix(mix(d.at(n - 2).clusters[0], before.clusters[1]), v.shape))
}

// describeParts describes beginnings and ends of the word, and the lists that
// it and its neighbours stand in.
func (d *describer) describeParts(v, before, after *view) {
	for k := range uint32(len(v.prefixes)) {
		if v.prefixes[k] == 0 || !d.sees(Affixes) {
			break
		}
		d.add(prefix+k, v.prefixes[k])
		d.add(suffixes+k, v.suffixes[k])
	}
	for bit := range uint32(listBits) {
		if v.lists&(1<<bit) != 0 {
			d.add(listed+bit, 0)
			d.add(listedShape+bit, v.shape)
			d.add(listedCase+bit, d.sentence)
		}
		if before.lists&(1<<bit) != 0 {
			d.add(listedBefore+bit, v.shape)
		}
		if after.lists&(1<<bit) != 0 {
			d.add(listedAfter+bit, v.shape)
		}
	}
}

// caseOf tells how the sentence uses capitals: 1 not at all, 2 nearly always,
// 0 as usual.
func caseOf(views []view) uint32 {
	capitals, letters := 0, 0
	for i := range views {
		if views[i].letter {
			letters++
		}
		if views[i].capital {
			capitals++
		}
	}
	switch {
	case letters == 0 || 10*capitals <= 7*letters && capitals > 0:
		return 0
	case capitals == 0:
		return 1
	default:
		return 2
	}
}
