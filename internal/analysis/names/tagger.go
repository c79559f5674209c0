package names

import (
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// A Tagger finds names.
type Tagger struct {
	lex     *lexicon.Lexicon
	lists   entries
	known   corrections
	model   *Model
	buffers sync.Pool // of *buffer
}

// A buffer is what finding needs beside the text.
type buffer struct {
	tokens []token
	lower  []byte
	back   [][labels]label
	scores [][labels]int32
	path   []label
	describer
}

// New returns a Tagger with the model of the binary.
func New(lex *lexicon.Lexicon) (*Tagger, error) {
	m, err := Unpack(packed)
	if err != nil {
		return nil, err
	}
	return NewWith(lex, m), nil
}

// NewWith returns a Tagger with a model of one's own.
func NewWith(lex *lexicon.Lexicon, m *Model) *Tagger {
	t := &Tagger{lex: lex, lists: readLists(m.without), known: readCorrections(), model: m}
	t.buffers.New = func() any { return new(buffer) }
	return t
}

// Find returns the names in a sentence, in their order. It appends to to.
func (t *Tagger) Find(to []Name, sentence string) []Name {
	r := t.buffers.Get().(*buffer)
	defer t.buffers.Put(r)
	r.tokens = tokens(sentence, r.tokens)
	t.label(r)
	for i := 0; i < len(r.path); i++ {
		if r.path[i] == 0 {
			continue
		}
		end := i + 1
		for end < len(r.path) && r.path[end] == r.path[i]+1 {
			end++
		}
		n := Name{Type: types[(r.path[i]-1)/2], Start: r.tokens[i].start, End: r.tokens[end-1].end, Score: t.model.confidence(r, i, end)}
		if t.known.isSure(r, i, end, n.Type) {
			n.Score = max(n.Score, sureScore)
		}
		to = append(to, n)
		i = end - 1
	}
	return to
}

// ruledOut is by how much no name is ahead of any name where there can be none:
// more than the weights of a few tokens add up to.
const ruledOut = 1 << 20

// label labels the tokens of the buffer.
func (t *Tagger) label(r *buffer) {
	t.fillViews(r)
	r.scores = r.scores[:0]
	for i := range r.tokens {
		s := t.model.score(r.describe(i))
		if address(r.tokens[i].text) {
			s = [labels]int32{0: ruledOut}
		}
		r.scores = append(r.scores, s)
		r.back = append(r.back, [labels]label{})
	}
	r.path = t.model.transitions.decode(r.scores, r.back, r.path)
	t.known.correct(r)
}

// fillViews fills in the views of the tokens.
func (t *Tagger) fillViews(r *buffer) {
	r.bits, r.without = t.model.bits, t.model.without
	r.views = r.views[:0]
	for _, token := range r.tokens {
		r.views = append(r.views, view{})
		r.lower = fillView(&r.views[len(r.views)-1], token.text, t.lex, r.lower)
	}
	t.lists.mark(r.views)
	r.sentence = caseOf(r.views)
	r.back = r.back[:0]
}

// Label labels the words of a sentence that was split already: with the type
// of the name each is part of, "" for none, and whether it begins one.
func (t *Tagger) Label(words []string) (kinds []Type, begins []bool) {
	var r buffer
	for _, w := range words {
		r.tokens = append(r.tokens, token{text: w})
	}
	t.label(&r)
	kinds, begins = make([]Type, len(words)), make([]bool, len(words))
	for i, y := range r.path {
		if y > 0 {
			kinds[i], begins[i] = types[(y-1)/2], y%2 == 1
		}
	}
	return kinds, begins
}
