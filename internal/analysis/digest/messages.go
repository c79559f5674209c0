package digest

import (
	"context"
	"fmt"

	"github.com/turnwise/turnwise/internal/conversation"
)

// maxKept is how many bytes of messages are kept while a conversation is read. Of
// a longer one, those that are needed again are read a second time.
const maxKept = 1 << 20

// A reading reads the messages of a conversation for a computation.
type reading struct {
	from    Messages
	account string
	id      string
	count   int
	kept    []conversation.Message // all of them, nil if they are too long
	bytes   int
}

func (d *Cache) reading(account, id string) *reading {
	return &reading{from: d.messages, account: account, id: id}
}

// each calls do for every message, in order.
func (r *reading) each(ctx context.Context, do func(conversation.Message)) error {
	for m, err := range r.from.EachMessage(ctx, r.account, r.id, 0) {
		if err = orEnded(ctx, err); err != nil {
			return fmt.Errorf("read the messages of conversation %s: %w", r.id, err)
		}
		if r.bytes += perItem + len(m.Text); r.bytes <= maxKept {
			r.kept = append(r.kept, m)
		} else {
			r.kept = nil
		}
		r.count++
		do(m)
	}
	return nil
}

// orEnded returns the error of a reading, or that of its context: there is work
// between two portions, and none is done when nobody waits.
func orEnded(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return ctx.Err()
}

// at returns the messages with these indexes, which ascend. It is called after
// each.
func (r *reading) at(ctx context.Context, indexes []int) ([]conversation.Message, error) {
	chosen := make([]conversation.Message, 0, len(indexes))
	if r.kept != nil || len(indexes) == 0 {
		for _, n := range indexes {
			chosen = append(chosen, r.kept[n])
		}
		return chosen, nil
	}
	n := indexes[0]
	for m, err := range r.from.EachMessage(ctx, r.account, r.id, n) {
		if err = orEnded(ctx, err); err != nil {
			return nil, fmt.Errorf("read the messages of conversation %s: %w", r.id, err)
		}
		if n == indexes[len(chosen)] {
			if chosen = append(chosen, m); len(chosen) == len(indexes) {
				break
			}
		}
		n++
	}
	return chosen, nil
}
