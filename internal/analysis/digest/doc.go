// Package digest tells what a conversation is about as a whole: its topics and
// its summary.
//
// Both are computed when somebody asks, never when text is appended, so that an
// append to a long conversation costs no more than one to a short one. They are
// kept by the version of the conversation: who asks again before it changes gets
// what the first one got, and of several who ask at once only one has it
// computed.
//
// Where models are set up, a [Writer] makes the summary of what was said and an
// [Embedder] weighs the topics. Readers wait for them for a few seconds; what
// this process finds by itself is what they get until then, and if a model
// fails.
//
// The package does no analysis itself, see packages topics and summary.
package digest

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
)

// Messages reads all messages of a conversation, in the order of acceptance.
type Messages interface {
	Messages(ctx context.Context, account, id string) ([]conversation.Message, error)
}

// Topics are what a conversation is about, the best first.
type Topics struct {
	All     []Topic
	Interim bool // the [Embedder] has not weighed them, but may yet: ask again
}

// A Topic is something that a conversation is about.
type Topic struct {
	ID        string // stays the same as the conversation grows
	Text      string
	Score     float64  // 0 to 1
	Messages  []string // ids
	Sentiment float64  // mean polarity, −1 to 1
	Parents   []string // texts of broader topics
}
