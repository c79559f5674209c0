package analyzer

// What an external analyzer may answer, beside the bytes of the answer. An analyzer
// that says more about a message than anybody would read is broken, and what it
// says is stored and shown with the conversation.
const (
	maxInsights     = 100      // for each message of the job, [analysis.MaxItems] in all
	maxInsightBytes = 64 << 10 // of a text, as much as a message has at most
)

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
