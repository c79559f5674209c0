package queue_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// masters are three Redis masters with the shards by turns, of which one may
// be silent, and the work that is due on them. A call of a silent one ends
// with its context, or after two seconds.
type masters struct {
	mu     sync.Mutex
	silent int // -1 if none is
	heals  chan struct{}
	on     [16]int             // the master of each shard
	due    map[int][]time.Time // when work came, by shard
	took   map[int][]time.Duration

	call func(ctx context.Context, shard int) error // asks a real master instead, if not nil
}

func newMasters() *masters {
	m := &masters{silent: -1, due: map[int][]time.Time{}, took: map[int][]time.Duration{}}
	for shard := range m.on {
		m.on[shard] = shard % 3
	}
	return m
}

var errNoAnswer = errors.New("redis does not answer")

// ask is one call of the master that has the shard.
func (m *masters) ask(ctx context.Context, shard int) error {
	defer lane.Wait(ctx)()
	if m.call != nil {
		return m.call(ctx, shard)
	}
	m.mu.Lock()
	silent, heals := m.silent == m.on[shard], m.heals
	m.mu.Unlock()
	if !silent {
		return nil
	}
	select {
	case <-heals:
		return nil
	case <-time.After(2 * time.Second):
		return errNoAnswer
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *masters) silence(master int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.silent, m.heals = master, make(chan struct{})
}

func (m *masters) heal() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.silent = -1
	close(m.heals)
}

func (m *masters) add(shard int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.due[shard] = append(m.due[shard], time.Now())
}

// left returns how much work is due.
func (m *masters) left() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, due := range m.due {
		n += len(due)
	}
	return n
}

// times returns how long work on the shards of a master took.
func (m *masters) times(master int) []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.took[master])
}

// Drain works what is due, two milliseconds each.
func (m *masters) Drain(ctx context.Context, shard int) (bool, error) {
	for {
		if err := m.ask(ctx, shard); err != nil { // the claim
			return false, err
		}
		m.mu.Lock()
		if len(m.due[shard]) == 0 {
			m.mu.Unlock()
			return false, nil
		}
		came := m.due[shard][0]
		m.due[shard] = m.due[shard][1:]
		m.mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		if err := m.ask(ctx, shard); err != nil { // the commit
			return false, err
		}
		m.mu.Lock()
		m.took[m.on[shard]] = append(m.took[m.on[shard]], time.Since(came))
		m.mu.Unlock()
	}
}

func (m *masters) Sweep(ctx context.Context, _ lane.Kind, shard int) (bool, time.Duration, error) {
	if err := m.ask(ctx, shard); err != nil {
		return false, 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.due[shard]) > 0, 0, nil
}

// load appends to all shards, as an API does that works in its own process if
// it can, until ctx ends.
func (m *masters) load(ctx context.Context, l *queue.Pool) {
	var all sync.WaitGroup
	defer all.Wait()
	for n := 0; ctx.Err() == nil; n++ {
		all.Go(func() {
			shard := n % 16
			run, free := l.Reserve(shard)
			if !free {
				run = func(func(context.Context) (bool, error)) {}
			}
			if err := m.ask(ctx, shard); err != nil { // the accept
				run(nil)
				return
			}
			m.add(shard)
			run(func(ctx context.Context) (bool, error) { return m.Drain(ctx, shard) })
			if !free {
				l.Ring(ctx, shard)
			}
		})
		time.Sleep(5 * time.Millisecond)
	}
}

// ranks returns the median, the 99th percentile and the maximum.
func ranks(d []time.Duration) [3]time.Duration {
	slices.Sort(d)
	return [3]time.Duration{d[len(d)/2], d[len(d)*99/100], d[len(d)-1]}
}

// TestSilentMaster lets one master of three be silent for a minute, under
// load: the shards on the others notice nothing, but for the moment that it
// takes until the slots that wait are lent. It ends with an answer, and so
// does all work.
func TestSilentMaster(t *testing.T) {
	for _, kind := range lane.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				m := newMasters()
				l := queue.NewPool(kind, rdb, queue.Options{Concurrency: 8})
				start(t, l, m, m)
				ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
				defer cancel()
				time.AfterFunc(20*time.Second, func() { m.silence(1) })
				time.AfterFunc(80*time.Second, m.heal)
				m.load(ctx, l)
				time.Sleep(2 * time.Second)
				for _, healthy := range []int{0, 2} {
					got := ranks(m.times(healthy))
					if got[1] > 3*time.Millisecond || got[2] > 60*time.Millisecond {
						t.Errorf("work on master %d took %v (median, p99, longest), want 2ms, 3ms, 60ms at most", healthy, got)
					}
				}
				equal(t, "pieces of work that are left", m.left(), 0)
				t.Log(ranks(m.times(0)), ranks(m.times(1)), ranks(m.times(2)))
			})
		})
	}
}

// A shard that does not answer is asked by one sweep at a time and, once it is
// known to be silent, by one drain at a time.
func TestSilentShardIsAskedSeldom(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		var mu sync.Mutex
		var sweeps, drains, atOnce int
		begun := time.Now()
		count := func(n *int) func() {
			mu.Lock()
			defer mu.Unlock()
			*n++
			atOnce++
			if atOnce > 2 && time.Since(begun) > 4*time.Second {
				t.Error("more than one sweep and one drain at once")
			}
			return func() { mu.Lock(); atOnce--; mu.Unlock() }
		}
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: 1, Concurrency: 8})
		stop := start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
			defer lane.Wait(ctx)()
			defer count(&drains)()
			time.Sleep(2 * time.Second)
			return false, errNoAnswer
		}), sweep(func(ctx context.Context, _ lane.Kind, _ int) (bool, time.Duration, error) {
			defer count(&sweeps)()
			<-ctx.Done()
			return false, 0, ctx.Err()
		}))
		for range 600 {
			time.Sleep(100 * time.Millisecond)
			l.Ring(t.Context(), 0)
		}
		stop()
		if sweeps < 35 || sweeps > 50 || drains > 40 { // ten of them before the first answer is overdue
			t.Errorf("in a minute %d sweeps and %d drains, want about 40 each", sweeps, drains)
		}
	})
}

// A slot that is lent comes back: for as long as others use it no new drain
// begins.
func TestLentSlotsComeBack(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		answer, end := make(chan struct{}), make(chan struct{})
		l := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 2, Meter: y})
		start(t, l, drain(func(ctx context.Context, shard int) (bool, error) {
			y.note(func() { y.drained = append(y.drained, shard) })
			if shard < 2 {
				answered := lane.Wait(ctx)
				<-answer
				answered()
			}
			<-end
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		for shard := range 4 {
			l.Ring(t.Context(), shard)
		}
		synctest.Wait()
		equal(t, "drains before a slot is lent", slices.Sorted(slices.Values(y.drains())), []int{0, 1})
		time.Sleep(60 * time.Millisecond)
		synctest.Wait()
		equal(t, "drains once two are", slices.Sorted(slices.Values(y.drains())), []int{0, 1, 2, 3})
		close(answer)
		l.Ring(t.Context(), 4)
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "drains while all four go on", slices.Sorted(slices.Values(y.drains())), []int{0, 1, 2, 3})
		close(end)
		synctest.Wait()
		equal(t, "drains once slots are free", y.drains()[4:], []int{4})
	})
}

// A drain that broke off is repeated when the next sweep has its answer, even
// though that finds nothing due: the reply to a claim may have been lost.
func TestDrainThatBrokeOffIsRepeated(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y, d, m := newTally(), newLogRecorder(), newMasters()
		var broken atomic.Int64
		broken.Store(3)
		l := queue.NewPool(lane.Append, rdb, queue.Options{Log: d.log()})
		start(t, l, drain(func(ctx context.Context, shard int) (bool, error) {
			if _, err := y.Drain(ctx, shard); err != nil || broken.Add(-1) < 0 {
				return false, err
			}
			return false, errNoAnswer
		}), sweep(func(ctx context.Context, _ lane.Kind, shard int) (bool, time.Duration, error) {
			return false, 0, m.ask(ctx, shard)
		}))
		time.Sleep(time.Second)
		l.Ring(t.Context(), 7)
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "drains", y.drains(), []int{7, 7, 7, 7})
		equal(t, "lines", fmt.Sprint(d.count("WARN drain broke off"), d.count("INFO drain recovered")), "1 1")
		m.silence(1)
		broken.Store(1)
		l.Ring(t.Context(), 7)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		equal(t, "drains while the shard is silent", y.drains(), []int{7, 7, 7, 7, 7})
		m.heal()
		time.Sleep(time.Second)
		synctest.Wait()
		if got := y.drains(); len(got) != 10 || got[5]%3 != 1 {
			t.Errorf("drains = %v, want one more of each shard of the master that was silent", got)
		}
	})
}
