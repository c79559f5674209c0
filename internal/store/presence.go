package store

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/retry"
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

const (
	maxLapses      = 32                     // claims of unknown fate that a lane remembers
	resolveTimeout = 200 * time.Millisecond // that Redis has to tell of processes, while the lane waits
)

// A lapse is a claim whose lease ran out.
type lapse struct {
	claim string
	at    int64 // when the lease ran out, in ms
}

func (l lapse) String() string { return l.claim + "@" + strconv.FormatInt(l.at, 10) }

func (l lapse) process() string {
	process, _, _ := strings.Cut(l.claim, ".")
	return process
}

// attempts is the field of a lane's state, as lib/lane.lua describes it.
type attempts struct {
	ended  int     // without effect
	lapses []lapse // which may be the end of a process, each an attempt then
}

func parseAttempts(text string) attempts {
	var a attempts
	for n, field := range strings.Fields(text) {
		if n == 0 {
			a.ended, _ = strconv.Atoi(field)
			continue
		}
		claim, at, _ := strings.Cut(field, "@")
		ms, _ := strconv.ParseInt(at, 10, 64)
		a.lapses = append(a.lapses, lapse{claim: claim, at: ms})
	}
	return a
}

func (a attempts) String() string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(a.ended))
	for _, l := range a.lapses {
		b.WriteString(" " + l.String())
	}
	return b.String()
}

// resolveLapses decides whether claims whose lease ran out were attempts. A claim
// of a process that is dead was one, because its work may have killed the process.
// A claim of a process that lives was none: the process may not have heard of the
// claim, or could not reach Redis in time. Otherwise it is decided once the process
// is known to be dead or alive, within deadAfter, or later if Redis does not
// answer: on a Cluster the lane and the presence keys may be on different masters.
func (s *Store) resolveLapses(ctx context.Context, a attempts, now int64) attempts {
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	left := make([]*redis.DurationCmd, len(a.lapses))
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for n, l := range a.lapses {
			left[n] = pipe.PTTL(ctx, presenceKey(l.process()))
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		a.lapses = a.lapses[:min(len(a.lapses), maxLapses)]
		return a
	}
	judged := attempts{ended: a.ended}
	for n, l := range a.lapses {
		switch seen := deadAfter - left[n].Val(); { // so long ago
		case l.process() == s.process:
		case left[n].Val() <= 0:
			judged.ended++
		case seen < time.Duration(now-l.at)*time.Millisecond:
		case len(judged.lapses) < maxLapses:
			judged.lapses = append(judged.lapses, l)
		}
	}
	return judged
}
