package store

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"
)

// A process shows that it lives every beat; more often while that does not get
// through, because then each sign counts. One without a sign for deadAfter is
// taken for dead: the attempts count that it left behind.
const (
	presenceInterval = time.Second
	presenceRetry    = 100 * time.Millisecond
	deadAfter        = 10 * time.Second
)

// newProcessID returns the name of this process, short because each claim
// begins with it.
func newProcessID() string { return rand.Text()[:10] }

// newClaimID returns what fences a claim, and says whose it is.
func newClaimID(process string) string { return process + "." + rand.Text()[:16] }

// presenceKey is there while the process lives.
func presenceKey(process string) string { return "tw:process:" + process }

// Run shows to the other processes that this one lives, until ctx is done. A
// Store whose claims are worked has to run.
func (s *Store) Run(ctx context.Context) error {
	healthy := true
	for {
		err := s.showPresence(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // to stop is no failure
		}
		if (err == nil) != healthy {
			healthy = err == nil
			s.opts.Log.LogAttrs(ctx, slog.LevelDebug, "presence shown", slog.Bool("answered", healthy), slog.Any("err", err))
		}
		pause := presenceInterval
		if !healthy {
			pause = presenceRetry
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// showPresence sets the presence key of the process, once.
func (s *Store) showPresence(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, presenceInterval/2)
	defer cancel()
	if err := s.rdb.Set(ctx, presenceKey(s.process), "1", deadAfter).Err(); err != nil {
		return fault("show that the process lives", err)
	}
	return nil
}
