package analyzer

// maxSentences is how many sentences a job may have for a model to be asked
// about them. With more it would keep the model busy for minutes, and others
// waiting.
const maxSentences = 2_000

// What a job may bring beside that for its trackers to be matched by meaning:
// terms and sentences are kept as vectors, of which memory holds some thousand,
// and are compared with each other.
const (
	maxTexts = 5_000     // terms and sentences
	maxPairs = 1_000_000 // sentences times terms
)
