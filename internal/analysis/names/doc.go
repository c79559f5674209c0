// Package names finds the names of persons, organisations and locations in
// English text.
//
// It labels the tokens of a sentence with the most probable sequence of
//
//	O  B-person  I-person  B-organization  I-organization  B-location  I-location
//
// as a linear model scores it (an averaged structured perceptron after Collins,
// 2002, decoded with Viterbi's algorithm). What the model looks at is a token
// and its neighbours: letters, shape, the clusters of package lexicon, lists of
// names. The weights are in the binary.
//
// Text is kept in three parts, see package corpus. The weights are learned from
// one of them, by names/train; what they are learned from and how was chosen by
// the second, which names/train -dev does again; and TestEval
// measures on the third, which neither of them reads. data/README.md says whose
// the text is.
//
// A [Tagger] does not change and may be shared. Finding costs some 35 µs for
// 300 characters, linear in the length of the text.
package names

// Type is what a name names, in the words of the API.
type Type string

// The types of names.
const (
	Person       Type = "person"
	Organization Type = "organization"
	Location     Type = "location"
)

// A Name is one that was found.
type Name struct {
	Type       Type
	Start, End int     // in bytes
	Score      float64 // confidence, 0 to 1
}
