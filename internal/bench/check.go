package bench

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// readers is how many conversations are checked at once.
const readers = 16

// check counts the differences between the conversations and the messages that
// were accepted for each: those that are missing, doubled or out of place.
func (s *system) check(ctx context.Context, ids []string, messages int) (violations int, err error) {
	var found atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for _, id := range ids {
		g.Go(func() error {
			stored, err := s.store.Messages(ctx, account, id)
			if err != nil {
				return err
			}
			wrong := max(messages-len(stored), len(stored)-messages)
			for n, m := range stored {
				if numberOf(m.Text) != n {
					wrong++
				}
			}
			found.Add(int64(wrong))
			return nil
		})
	}
	err = g.Wait()
	return int(found.Load()), err
}
