package client

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"time"
)

// A ConversationQuery selects conversations and says in which order they
// come. The zero value is all of them, the oldest first.
type ConversationQuery struct {
	Since      time.Time // those that start at this time or later
	Until      time.Time // those that end at this time or earlier
	Filter     string    // RSQL, such as `conversation.metadata.agentId==johndoe`
	Sort       string    // fields, by commas, such as "conversation.name"; conversation.startTime if empty
	Descending bool
	Offset     int // how many are skipped
	Limit      int // how many are yielded at most; no limit if 0
	PageSize   int // how many are asked for at a time, at most 65,535; 100 if 0
}

// Conversations yields the conversations that q selects, each once. It reads
// them page by page while others may be created and deleted. A conversation
// that exists all the time, at the same place in the order, is not left out. It
// holds the ids of all that it has yielded. After an error nothing more is
// yielded.
func (c *Client) Conversations(ctx context.Context, q ConversationQuery) iter.Seq2[Conversation, error] {
	return c.list(ctx, q, "v1", "conversations")
}

// GroupConversations yields the conversations that belong to a group, as
// [Client.Conversations] does.
func (c *Client) GroupConversations(ctx context.Context, groupID string, q ConversationQuery) iter.Seq2[Conversation, error] {
	return c.list(ctx, q, "v1", "groups", groupID, "conversations")
}

func (c *Client) list(ctx context.Context, q ConversationQuery, path ...string) iter.Seq2[Conversation, error] {
	return func(yield func(Conversation, error) bool) {
		p := pager{client: c, path: path, query: q.values(), start: q.Offset, next: q.Offset, byCursor: q.Offset == 0, seen: map[string]bool{}}
		for more := true; more; {
			size := cmp.Or(q.PageSize, 100)
			if q.Limit > 0 {
				size = min(size, q.Limit-len(p.seen))
			}
			if size <= 0 {
				return
			}
			var page []Conversation
			var err error
			if page, more, err = p.read(ctx, size); err != nil {
				yield(Conversation{}, err)
				return
			}
			for _, found := range page {
				if !yield(found, nil) {
					return
				}
			}
		}
	}
}

// values returns the parameters of q that are the same for all pages.
func (q ConversationQuery) values() url.Values {
	query := url.Values{}
	if q.Since.IsZero() && q.Until.IsZero() && q.Filter == "" {
		// The API would take the last seven days.
		q.Since = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	if !q.Since.IsZero() {
		query.Set("startTime", q.Since.UTC().Format(time.RFC3339Nano))
	}
	if !q.Until.IsZero() {
		query.Set("endTime", q.Until.UTC().Format(time.RFC3339Nano))
	}
	if q.Filter != "" {
		query.Set("filter", q.Filter)
	}
	if q.Sort != "" {
		query.Set("sort", q.Sort)
	}
	if q.Descending {
		query.Set("order", "desc")
	}
	return query
}
