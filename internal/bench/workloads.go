package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/webhook"
)

const account = "bench"

// text is about 200 bytes, the payload of plain asynq too; its first word is
// replaced by a number to check the order by.
var text = " " + strings.Repeat("word after word of a message ", 7) //nolint:gochecknoglobals // constant

func (b *bench) plainAsynq(ctx context.Context, concurrency int) (Row, error) {
	n := b.count(30000)
	plain := queue.NewPlain(b.asynq, "plain")
	if err := plain.Fill(ctx, n, []byte(text)); err != nil {
		return Row{}, err
	}
	return b.timed(ctx, n, func() error { return plain.Work(ctx, n, concurrency) })
}

// plainMixed enqueues, from as many producers as for Turnwise, and processes at
// the same time.
func (b *bench) plainMixed(ctx context.Context, concurrency int) (Row, error) {
	n := b.count(30000)
	plain := queue.NewPlain(b.asynq, "plain")
	return b.timed(ctx, n, func() error {
		g, ctx := errgroup.WithContext(ctx)
		for p := range producers {
			g.Go(func() error { return plain.Fill(ctx, (n+p)/producers, []byte(text)) })
		}
		g.Go(func() error { return plain.Work(ctx, n, concurrency) })
		return g.Wait()
	})
}

// producers is how many goroutines submit.
const producers = 64

// backlog submits everything first, then drains it.
func (b *bench) backlog(ctx context.Context, conversations, each int) (Row, error) {
	if conversations == 1 {
		each = b.count(each)
	} else {
		conversations = b.count(conversations)
	}
	s, err := b.newSystem(ctx)
	if err != nil {
		return Row{}, err
	}
	ids, err := s.submitAll(ctx, conversations, each, "")
	if err != nil {
		return Row{}, err
	}
	n := conversations * each
	row, err := b.timed(ctx, n, func() error {
		return s.work(ctx, func(ctx context.Context) error { return s.counter.wait(ctx, n) })
	})
	if err != nil {
		return row, err
	}
	row.Violations, err = s.check(ctx, ids, each)
	return row, err
}

// mixed submits and works at the same time.
func (b *bench) mixed(ctx context.Context) (Row, error) {
	s, err := b.newSystem(ctx)
	if err != nil {
		return Row{}, err
	}
	conversations, each := b.count(1000), 40
	n := conversations * each
	var ids []string
	row, err := b.timed(ctx, n, func() error {
		return s.work(ctx, func(ctx context.Context) error {
			if ids, err = s.submitAll(ctx, conversations, each, ""); err != nil {
				return err
			}
			return s.counter.wait(ctx, n)
		})
	})
	if err != nil {
		return row, err
	}
	row.Violations, err = s.check(ctx, ids, each)
	return row, err
}

// idle measures the time from the submission of a job to its completion, one job
// at a time.
func (b *bench) idle(ctx context.Context) (Row, error) {
	s, err := b.newSystem(ctx)
	if err != nil {
		return Row{}, err
	}
	n := b.count(500)
	var took []time.Duration
	err = s.work(ctx, func(ctx context.Context) error {
		for i := range n + 20 { // the first ones load scripts and connections
			start := time.Now()
			if _, err := s.service.Submit(ctx, message("", 0, "")); err != nil {
				return err
			}
			if err := s.counter.wait(ctx, i+1); err != nil {
				return err
			}
			took = append(took, time.Since(start))
			select {
			case <-time.After(2 * time.Millisecond):
			case <-ctx.Done():
			}
		}
		return nil
	})
	if err != nil {
		return Row{}, err
	}
	row := Row{Jobs: n}
	row.P50, row.P99 = quantiles(took[20:])
	return row, nil
}

// webhooks delivers the three events of each job to a receiver in this process.
func (b *bench) webhooks(ctx context.Context) (Row, error) {
	s, err := b.newSystem(ctx)
	if err != nil {
		return Row{}, err
	}
	n := b.count(10000)
	want := int64(3 * n)
	var got atomic.Int64
	all := make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if got.Add(1) == want {
			close(all)
		}
	}))
	defer receiver.Close()
	if _, err := s.submitAll(ctx, n, 1, receiver.URL); err != nil {
		return Row{}, err
	}
	if err := s.work(ctx, func(ctx context.Context) error { return s.counter.wait(ctx, n) }); err != nil {
		return Row{}, err
	}
	return b.timed(ctx, 3*n, func() error {
		return s.deliver(ctx, func(ctx context.Context) error {
			select {
			case <-all:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
}

func loopback() *webhook.Guard {
	return webhook.NewGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
}

// timed measures the time of fn, and the processor time of Redis and of this
// process during it.
func (b *bench) timed(ctx context.Context, n int, fn func() error) (Row, error) {
	before, err := b.redisCPU(ctx)
	if err != nil {
		return Row{}, err
	}
	own, start := ownCPU(), time.Now()
	if err := fn(); err != nil {
		return Row{}, err
	}
	row := Row{Jobs: n, Took: time.Since(start), OwnCPU: (ownCPU() - own) / time.Duration(n)}
	after, err := b.redisCPU(ctx)
	row.RedisCPU = (after - before) / time.Duration(n)
	return row, err
}

// ownCPU returns the processor time that this process has used so far.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// redisCPU returns the processor time that Redis has used so far.
func (b *bench) redisCPU(ctx context.Context) (time.Duration, error) {
	info, err := b.rdb.Info(ctx, "cpu").Result()
	if err != nil {
		return 0, fmt.Errorf("ask Redis for its CPU time: %w", err)
	}
	var total float64
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_sys" || name == "used_cpu_user" {
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return 0, fmt.Errorf("read %s of Redis: %w", name, err)
			}
			total += seconds
		}
	}
	return time.Duration(total * float64(time.Second)), nil
}

func message(conversationID string, n int, webhookURL string) jobs.Append {
	return jobs.Append{
		Account: account, ConversationID: conversationID, WebhookURL: webhookURL,
		Utterances: []analysis.Utterance{{
			From: conversation.Speaker{Name: "Ann", UserID: "ann@example.com"},
			Text: strconv.Itoa(n) + text,
		}},
	}
}

// submitAll submits messages to conversations: concurrently to different ones,
// one after the other to each.
func (s *system) submitAll(ctx context.Context, conversations, each int, webhookURL string) ([]string, error) {
	ids := make([]string, conversations)
	g, ctx := errgroup.WithContext(ctx)
	for p := range min(producers, conversations) {
		g.Go(func() error {
			for n := range each {
				for c := p; c < conversations; c += producers {
					r, err := s.service.Submit(ctx, message(ids[c], n, webhookURL))
					if err != nil {
						return fmt.Errorf("submit: %w", err)
					}
					ids[c] = r.ConversationID
				}
			}
			return nil
		})
	}
	return ids, g.Wait()
}

// check counts the differences between the conversations and the messages that
// were accepted.
func (s *system) check(ctx context.Context, ids []string, each int) (violations int, err error) {
	for _, id := range ids {
		messages, err := s.store.Messages(ctx, account, id)
		if err != nil {
			return violations, err
		}
		violations += max(each-len(messages), len(messages)-each)
		for n, m := range messages {
			if first, _, _ := strings.Cut(m.Text, " "); first != strconv.Itoa(n) {
				violations++
			}
		}
	}
	return violations, nil
}

func quantiles(d []time.Duration) (p50, p99 time.Duration) {
	slices.Sort(d)
	return d[len(d)/2], d[len(d)*99/100]
}
