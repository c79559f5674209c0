package topics

import (
	"cmp"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Message is one of a conversation.
type Message struct {
	ID        string
	Speaker   string // empty if nobody was named
	Words     []words.Word
	People    []string // names of persons in it, which are no topics either
	Sentiment float64  // polarity, -1 to 1
}

// Options adjusts a [Collection].
type Options struct {
	Vocabulary      []string // phrases that are topics wherever they occur
	Members         []string // names of those who speak; their words are no topics
	CandidateFactor int      // how many times as many topics as [Size] says to find, for who chooses among them; 1 if zero
}

// A Collection takes the messages of a conversation and returns its topics. It
// is not for concurrent use.
type Collection struct {
	table      *terms.Table
	ids        []string
	polarities []float32
	speakers   map[string]int
	phrases    phrases
	custom     vocabulary
	members    map[int32]bool // stems
	people     map[int32]bool // stems of names of persons, where they have a capital
	times      int            // as of [Options]

	buffer []int32 // for the terms of a message
}

// Collect returns a Collection without messages.
func Collect(dictionary *terms.Dictionary, opts Options) *Collection {
	c := &Collection{
		table:    dictionary.Table(),
		speakers: map[string]int{},
		phrases:  newPhrases(),
		members:  map[int32]bool{},
		people:   map[int32]bool{},
		times:    cmp.Or(opts.CandidateFactor, 1),
	}
	c.custom = c.newVocabulary(opts.Vocabulary)
	for _, name := range opts.Members {
		c.exclude(name, c.members)
	}
	return c
}

// exclude adds the stems of a name.
func (c *Collection) exclude(name string, to map[int32]bool) {
	c.buffer = c.table.Append(c.buffer[:0], words.Split(nil, name))
	for _, number := range c.buffer {
		to[c.table.Term(number).Stem] = true
	}
}

// isPerson reports whether a term is of a person's name.
func (c *Collection) isPerson(term *terms.Term) bool {
	return c.members[term.Stem] || term.Capital && c.people[term.Stem]
}

// Add takes the next message. Of m it keeps only the id.
func (c *Collection) Add(m Message) {
	at := occurrence{message: int32(len(c.ids)), speaker: c.speaker(m.Speaker)}
	c.ids = append(c.ids, m.ID)
	c.polarities = append(c.polarities, float32(m.Sentiment))
	for _, name := range m.People {
		c.exclude(name, c.people)
	}
	c.buffer = c.table.Append(c.buffer[:0], m.Words)
	c.custom.find(c.table, c.buffer, at)
	if c.table.English(c.buffer) {
		c.addPhrases(c.buffer, at)
	}
	c.phrases.prune()
}

// speaker returns a bit for who speaks; the 64th and all after share one.
func (c *Collection) speaker(name string) uint64 {
	if name == "" {
		return 0
	}
	n, ok := c.speakers[name]
	if !ok && len(c.speakers) < 64 {
		n = len(c.speakers)
		c.speakers[name] = n
	} else if !ok {
		n = 63
	}
	return 1 << n
}

// addPhrases notes the rows of up to [longest] terms that carry meaning and end in a
// noun.
func (c *Collection) addPhrases(row []int32, at occurrence) {
	begin := 0                         // of the chunk
	before := c.table.Term(terms.None) // the term before, adverbs aside
	for i, number := range row {
		term := c.table.Term(number)
		switch {
		case c.isPerson(term) || !term.Kind.Tells() && !c.named(row, i):
			c.addChunk(row, begin, i, at)
			begin = i + 1
		case begin == i && (verbal(before, term) || c.namesAfter(row, i)):
			begin = i + 1
		case i > begin && term.Participle && !term.Capital:
			c.addChunk(row, begin, i, at) // "the agreement signed by"
			begin = i + 1
		case i > begin && stutters(c.table.Term(row[i-1]), term):
			begin = i
		case term.Possessive:
			c.addChunk(row, begin, i+1, at)
			begin = i + 1
		}
		if term.Kind != terms.Adverb {
			before = term
		}
	}
	c.addChunk(row, begin, len(row), at)
}

// addChunk notes the phrases within the terms from begin to end.
func (c *Collection) addChunk(row []int32, begin, end int, at occurrence) {
	if begin >= end || end == begin+1 && (c.isVerb(row, begin) || c.orders(row, begin)) {
		return
	}
	for to := begin + 1; to <= end; to++ {
		if c.table.Term(row[to-1]).Kind == terms.Quality {
			continue
		}
		for from := max(begin, to-longest); from < to; from++ {
			if to == from+1 && c.table.Term(row[from]).Kind == terms.Weak {
				continue
			}
			c.phrases.add(stems(c.table, row[from:to]), form(row[from:to]), at)
		}
	}
}

// isVerb reports whether a term that stands alone is likely a verb, by its ending and, where
// that is -ing, by an article behind it: "noted", "deleting the disk".
func (c *Collection) isVerb(row []int32, i int) bool {
	term := c.table.Term(row[i])
	named := term.Capital && i > 0 && c.table.Term(row[i-1]).Kind != terms.Mark
	if named || !term.Verbal {
		return false
	}
	return term.Participle || i+1 < len(row) && c.table.Term(row[i+1]).Kind == terms.Determiner && strings.HasSuffix(term.Text, "ing")
}

// namesAfter reports whether an -ing form at i has a name behind it, to which it does not belong:
// "for calling Northgate Heating".
func (c *Collection) namesAfter(row []int32, i int) bool {
	term := c.table.Term(row[i])
	return !term.Capital && strings.HasSuffix(term.Text, "ing") && i+1 < len(row) && c.table.Term(row[i+1]).Capital
}

// orders reports whether a term that stands alone, at the beginning of a clause, has an object
// behind it, so that it is a verb: "renew it", "and wash your hands".
func (c *Collection) orders(row []int32, i int) bool {
	if i+1 == len(row) || i > 0 && !beginsClause(c.table.Term(row[i-1])) {
		return false
	}
	switch after := c.table.Term(row[i+1]); after.Text {
	case "it", "them", "me", "us", "him", "her":
		return true
	default:
		return after.Kind == terms.Determiner
	}
}

// beginsClause reports whether the verb of an order may follow a term.
func beginsClause(before *terms.Term) bool {
	switch before.Text {
	case "and", "or", "then", "please", "all":
		return true
	}
	return before.Kind == terms.Mark || before.Kind == terms.Adverb
}

// stutters reports whether a term is broken off and begun again: "rem remote".
func stutters(broken, term *terms.Term) bool {
	return broken.Stem == term.Stem || len(broken.Text) < len(term.Text) && len(broken.Text) < 5 && strings.HasPrefix(term.Text, broken.Text)
}

// verbal reports whether a term is likely a verb or a participle after the one
// before it, and no name.
func verbal(before, term *terms.Term) bool {
	return !term.Capital && before.Kind == terms.Lead || term.Verbal && before.Kind == terms.Being
}

// named reports whether a stop word begins a name, as in "New York": it is
// written with a capital within a sentence, and so is the word after it.
func (c *Collection) named(row []int32, i int) bool {
	if i == 0 || i+1 == len(row) {
		return false
	}
	before, term, after := c.table.Term(row[i-1]), c.table.Term(row[i]), c.table.Term(row[i+1])
	return (term.Kind == terms.Stop || term.Kind == terms.Determiner) && term.Capital && before.Kind != terms.Mark &&
		after.Kind == terms.Content && after.Capital
}

// stems returns the phrase that the stems of a row of terms are.
func stems(table *terms.Table, row []int32) (p phrase) {
	for i, number := range row {
		p[i] = table.Term(number).Stem
	}
	return p
}

func form(row []int32) (f phrase) {
	copy(f[:], row)
	return f
}
