// Package digest returns the topics and the summary of a conversation.
//
// Both are computed when they are read, never when text is appended, so an append
// to a long conversation costs no more than one to a short one. Results are
// cached by the version of the conversation, within a bound of memory. Of several
// readers at the same time only one computes, a few computations run at once, and
// one that nobody waits for any more ends.
//
// If models are configured, a [Writer] writes the summary and an [Embedder] ranks
// the topics. Readers wait for a model for a few seconds. Until then, and if the
// model fails, they get what this process computes by itself.
//
// [Cache.Share] does the same for whatever else is made of a whole conversation.
//
// The package does not analyse text, see packages topics and summary. It knows
// neither the store nor HTTP.
package digest

import (
	"context"
	"iter"

	"github.com/turnwise/turnwise/internal/conversation"
)

// Messages yields the messages of a conversation, in the order of acceptance, from
// the one with an index on. The last it yields may be an error.
type Messages interface {
	EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error]
}

// Topics are the topics of a conversation, the best first.
type Topics struct {
	All     []Topic
	Interim bool // the [Embedder] has not ranked them yet: read again later
}

// A Topic is a topic of a conversation.
type Topic struct {
	ID        string // stays the same as the conversation grows
	Text      string
	Score     float64  // 0 to 1
	Messages  []string // ids
	Sentiment float64  // mean polarity, −1 to 1
	Parents   []string // texts of broader topics
}
