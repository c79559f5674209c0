package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/quota"
	"github.com/turnwise/turnwise/internal/redis/batch"
	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/redis/script"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Options adjusts a [Store]. The zero value is fit for production.
type Options struct {
	Shards    int           // the same in all processes, for good; if zero, what is in Redis, else 4, or 16 on a Cluster
	Lease     time.Duration // of a claim; 4s if zero
	Retention time.Duration // of finished jobs and their delivery attempts; 720h if zero
	MaxScan   int           // conversations that one list may look at beside those it returns; 600 if zero

	// MaxAttempts is how many attempts a job has: 5 if zero. A job that may have
	// had them all, if processes of which it is not known yet are dead, is left
	// alone until that is known.
	MaxAttempts int

	Endpoints EndpointOptions

	Log *slog.Logger // discarded if nil
}

// A runner runs scripts, as a [script.Runner] does.
type runner interface {
	Run(ctx context.Context, s *script.Script, keys []string, args ...any) *redis.Cmd
	Tidy(ctx context.Context)
}

// A Store keeps jobs, conversations and events in Redis.
type Store struct {
	rdb         redis.UniversalClient
	scripts     runner
	looks       *batch.Scripter                         // looks at ready indexes, those of a moment together
	arrivals    *batch.Group[int, acceptRequest, reply] // requests of accept_jobs, by shard
	events      *batch.Group[int, eventRequest, reply]  // requests of settle_events, by shard
	opts        Options
	process     string // this one
	unconfirmed unconfirmedClaims
	nextDue     nextDue
	long        *quota.Quota // who writes much text, see takeLong

	marker  marker   // of the data set that the Store was opened on
	losses  int      // the most that a marker said
	counted sync.Map // account → tally
	further looksFurther
}

var (
	_ jobs.Store    = (*Store)(nil)
	_ jobs.Lanes    = (*Store)(nil)
	_ webhook.Lanes = (*Store)(nil)
)

// New returns a Store on rdb.
func New(rdb redis.UniversalClient, opts Options) *Store {
	opts.Lease = cmp.Or(opts.Lease, 4*time.Second)
	opts.Retention = cmp.Or(opts.Retention, 720*time.Hour)
	opts.MaxScan = cmp.Or(opts.MaxScan, 600)
	opts.MaxAttempts = cmp.Or(opts.MaxAttempts, 5)
	opts.Endpoints = opts.Endpoints.withDefaults()
	opts.Log = cmp.Or(opts.Log, slog.New(slog.DiscardHandler))
	s := &Store{rdb: rdb, scripts: script.NewRunner(rdb, scripts, opts.Log), opts: opts, process: newProcessID(), long: quota.New(1)}
	s.looks, s.arrivals, s.events = batch.New(rdb, 1), s.groupArrivals(), s.groupEvents()
	return s
}

// run runs a script and returns its reply, which is a list that begins with a
// word. It runs it again with the same arguments if the reply gets lost.
func (s *Store) run(ctx context.Context, sc *script.Script, step string, keys []string, args ...any) (reply, error) {
	var r reply
	err := retry.Do(ctx, func(ctx context.Context) (err error) {
		r, err = s.scripts.Run(ctx, sc, keys, args...).Slice()
		return err
	})
	if err != nil {
		return nil, fault(step, err)
	}
	return r, nil
}

// answers runs a script that answers so many requests at once.
func (s *Store) answers(ctx context.Context, sc *script.Script, keys []string, args []any, count int) ([]reply, error) {
	all, err := s.scripts.Run(ctx, sc, keys, args...).Slice()
	if err != nil {
		return nil, err
	}
	replies := make([]reply, count)
	for n := range replies {
		replies[n] = reply(all).list(n + 1)
	}
	return replies, nil
}

// toBeAlone reports whether a request is to be made again by itself, see
// [batch.Options].
func toBeAlone(r reply, err error) bool {
	return r.word() == "alone" || err != nil && aboutCommand(err)
}

// fault wraps an error of Redis. What Redis says about itself, or a connection
// that broke, makes it unavailable; what it says about our command does not.
func fault(step string, err error) error {
	if aboutCommand(err) {
		return fmt.Errorf("%s: %w", step, err)
	}
	return fmt.Errorf("%s: %w: %w", step, jobs.ErrUnavailable, err)
}

// aboutCommand reports whether Redis found fault with a command. Too many
// clients, and commands of scripts that its user may not call, begin with ERR
// as well, but are for its operator to mend.
func aboutCommand(err error) bool {
	answered, ok := errors.AsType[redis.Error](err)
	if !ok {
		return false
	}
	reply := answered.Error()
	for _, state := range [...]string{"ERR max number of clients", "ERR The user executing the script"} {
		if strings.HasPrefix(reply, state) {
			return false
		}
	}
	return strings.HasPrefix(reply, "ERR ") || strings.HasPrefix(reply, "WRONGTYPE ")
}

// newRequestID returns what a repeated request is known by.
func newRequestID() string { return rand.Text()[:16] }

// requestRetention is how long a request is remembered that deleted something.
const requestRetention = time.Minute

func ms(d time.Duration) int64 { return d.Milliseconds() }

// age returns how long ago t was, in ms, for a script that knows the time.
func age(t, now time.Time) int64 { return max(ms(now.Sub(t)), 0) }

func boolArg(b bool) string {
	if b {
		return "1"
	}
	return ""
}

func millis(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

// instant undoes [millis].
func instant(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
