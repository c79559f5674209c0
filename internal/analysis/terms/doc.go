// Package terms decides which words of a conversation may be topics: it knows
// stop words and the fillers of speech, groups the forms of a word by
// their stem, and ranks how rare a word is in English.
//
// A [Dictionary] does not change and may be shared. A [Table] holds the words
// of one conversation, each once, by number, so that phrases are short rows of
// numbers; it belongs to one goroutine.
//
// A word of a text is a term, and so is a row of words that hyphens join
// ("company-wise"). The ending of a possessive is not part of the term
// ("customer's" is customer). A table takes 50,000 terms, and none of more
// than 64 bytes; further ones are [None], which is treated as a mark.
//
// Stems and stop words are English. Words of other languages are terms like
// rare ones, see [Table.English].
package terms

// Kind is what a term can be in a phrase.
type Kind uint8

// The kinds of terms.
const (
	Content    Kind = iota // may be a topic
	Mark                   // punctuation, a symbol, a number, a single letter
	Stop                   // says nothing by itself
	Adverb                 // a stop word that may stand between others and a verb
	Lead                   // a stop word that a verb follows: "we", "to", "should"
	Being                  // a stop word that a participle may follow: "was", "have"
	Determiner             // a stop word that a noun follows: "the", "my"
	Quality                // an adjective: part of a topic, but none by itself, nor its end
	Weak                   // a noun that is part of a topic, but none by itself
	Deed                   // a verb or a unit, which is no part of a topic, but says something
)

// Informs reports whether a term says something of its sentence.
func (k Kind) Informs() bool { return k.Tells() || k == Deed }

// Tells reports whether a term may be part of a topic.
func (k Kind) Tells() bool { return k == Content || k == Quality || k == Weak }

// None is the number of all that is no term.
const None int32 = 0

// A Term is a word of a conversation.
type Term struct {
	Text       string // as written
	Stem       int32  // the same for all forms of a word, whatever their case
	Rarity     float64
	Kind       Kind
	Capital    bool // begins with a capital letter
	Possessive bool // was a possessive: what follows begins another phrase
	Verbal     bool // ends in -ed or -ing, so it may be a participle
	Participle bool // ends in -ed
}
