package insights

import (
	"context"
	"iter"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// maxFound is how many bytes of insights are kept for their readers. More of them
// are read again for each answer, in portions.
const maxFound = 4 << 20

// The size of parts of a found, in bytes, about, beside their texts.
const (
	perInsight = 512
	perSpeaker = 96
)

// A found is what the answers about insights have in common: the insights, if they
// are few, and of the messages what these answers say.
type found struct {
	insights []analysis.Insight
	complete bool              // the insights are all there are; else the rest is empty
	speakers map[string]string // member by the message that an insight begins with
	bytes    int
}

// find reads the insights of a conversation, then the messages that they refer to. It
// gives up when there are more insights than are kept.
func (h *handlers) find(ctx context.Context, x *edge.Exchange, c conversation.Conversation) (*found, int, error) {
	f := &found{complete: true, speakers: map[string]string{}}
	if err := h.eachInsight(ctx, x, c, f.add); err != nil || len(f.speakers) == 0 {
		return f, f.bytes, err
	}
	members := map[string]string{} // one string for each, however many messages name it
	err := h.eachMessage(ctx, x, c, func(m conversation.Message) bool {
		if _, wanted := f.speakers[m.ID]; wanted {
			if _, known := members[m.Member]; !known {
				members[m.Member] = m.Member
			}
			f.speakers[m.ID] = members[m.Member]
		}
		return true
	})
	return f, f.bytes, err
}

// add notes an insight, and which messages its answers need. It returns false if it is one
// too many.
func (f *found) add(in analysis.Insight) bool {
	f.bytes += perInsight + len(in.Text)
	if len(in.MessageIDs) > 0 {
		f.speakers[in.MessageIDs[0]] = ""
		f.bytes += perSpeaker
	}
	if f.bytes > maxFound {
		*f = found{}
		return false
	}
	f.insights = append(f.insights, in)
	return true
}

// messages are those that insights are about.
type messages interface {
	// speaker returns who said a message, or "".
	speaker(id string) (string, error)
	// text returns the text of a message, or "".
	text(id string) (string, error)
	close()
}

// heldMessages are the messages of insights that are held.
type heldMessages struct {
	*found

	texts map[string]string // of those that are asked for
}

func (m heldMessages) speaker(id string) (string, error) { return m.speakers[id], nil }
func (m heldMessages) text(id string) (string, error)    { return m.texts[id], nil }
func (m heldMessages) close()                            {}

// textsOfActionItems returns the texts of the messages that action items come
// from, by message, and their size in bytes.
func (h *handlers) textsOfActionItems(ctx context.Context, x *edge.Exchange, c conversation.Conversation) (texts map[string]string, bytes int, err error) {
	texts = map[string]string{}
	err = h.eachInsight(ctx, x, c, func(in analysis.Insight) bool {
		if in.Type == actionItem {
			for _, id := range in.MessageIDs {
				texts[id] = ""
			}
		}
		return true
	})
	if err != nil || len(texts) == 0 {
		return texts, 0, err
	}
	err = h.eachMessage(ctx, x, c, func(m conversation.Message) bool {
		if _, wanted := texts[m.ID]; wanted {
			texts[m.ID] = m.Text
			bytes += perSpeaker + len(m.Text)
		}
		return true
	})
	return texts, bytes, err
}

// from yields the insights from the one with that index on.
func (f *found) from(index int) iter.Seq2[analysis.Insight, error] {
	return func(yield func(analysis.Insight, error) bool) {
		for _, in := range f.insights[min(index, len(f.insights)):] {
			if !yield(in, nil) {
				return
			}
		}
	}
}
