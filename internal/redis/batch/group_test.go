package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A madeTrip is a call that a group made.
type madeTrip struct {
	key      string
	requests []string
	ctx      context.Context //nolint:containedctx // looked at by the test
}

// A testGroup is a group whose calls take their time and echo their requests.
type testGroup struct {
	*Group[string, string, string]

	takes map[string]time.Duration // a call, by the first of its requests; a millisecond if not there

	mu    sync.Mutex
	calls []madeTrip
	fails func(requests []string) error // may be nil
}

func newTestGroup(opts Options[string, string]) *testGroup {
	g := &testGroup{takes: map[string]time.Duration{}}
	g.Group = NewGroup(g.echo, opts)
	return g
}

func (g *testGroup) echo(ctx context.Context, key string, requests []string) ([]string, error) {
	g.mu.Lock()
	g.calls = append(g.calls, madeTrip{key, slices.Clone(requests), ctx})
	g.mu.Unlock()
	takes, ok := g.takes[requests[0]]
	if !ok {
		takes = time.Millisecond
	}
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if g.fails != nil {
		if err := g.fails(requests); err != nil {
			return nil, err
		}
	}
	answers := make([]string, len(requests))
	for n, r := range requests {
		answers[n] = "answer to " + r
	}
	return answers, nil
}

// made returns the requests of each call so far, as text.
func (g *testGroup) made() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []string
	for _, c := range g.calls {
		all = append(all, fmt.Sprint(c.key, c.requests))
	}
	return all
}

// begin makes requests, in their order, each for as long as the limit. The
// function it returns waits for them, and returns their errors.
func (g *testGroup) begin(t *testing.T, key string, limit time.Duration, requests ...string) (wait func() map[string]error) {
	t.Helper()
	errs := map[string]error{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, r := range requests {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			got, err := g.Do(ctx, key, r)
			if err == nil && got != "answer to "+r {
				t.Errorf("%s was answered %q", r, got)
			}
			mu.Lock()
			errs[r] = err
			mu.Unlock()
		})
		synctest.Wait()
	}
	return func() map[string]error {
		all.Wait()
		synctest.Wait() // the group is idle too
		return errs
	}
}

func (g *testGroup) want(t *testing.T, what string, want ...string) {
	t.Helper()
	if got := g.made(); !slices.Equal(got, want) {
		t.Errorf("%s: calls %v, want %v", what, got, want)
	}
	if len(g.queues) != 0 {
		t.Errorf("%s: %d queues are left of an idle group", what, len(g.queues))
	}
}

// A request is sent at once while there is room; those that come meanwhile
// travel together, in their order and in bounded calls, and each caller has its
// own answer.
func TestGroupGathersWhatComesMeanwhile(t *testing.T) {
	t.Parallel()
	for onTime, want := range map[int][]string{
		1: {"k[a]", "k[b c d]", "k[e]"},
		2: {"k[a]", "k[b]", "k[c d e]"},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newTestGroup(Options[string, string]{Most: 3, OnTime: onTime, UnderWay: 8})
			begun := time.Now()
			g.begin(t, "k", time.Minute, "a", "b", "c", "d", "e")()
			g.want(t, fmt.Sprintf("%d under way", onTime), want...)
			if took := time.Since(begun); took != time.Duration(len(want)-onTime+1)*time.Millisecond {
				t.Errorf("%d under way: %v for %d calls of a millisecond each", onTime, took, len(want))
			}
			begun = time.Now()
			g.begin(t, "k", time.Minute, "lone")()
			if took := time.Since(begun); took != time.Millisecond {
				t.Errorf("a lone request took %v, want no more than its call", took)
			}
		})
	}
}

// A key that does not answer holds up no other, and its own requests for no
// longer than until its calls are late, of which there is a bounded number.
func TestGroupDoesNotWaitForWhatIsLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newTestGroup(Options[string, string]{Most: 9, OnTime: 1, UnderWay: 2})
		for _, r := range []string{"a", "b"} {
			g.takes[r] = 10 * time.Second
		}
		begun := time.Now()
		first := g.begin(t, "hanging", time.Minute, "a", "b", "c")
		g.begin(t, "other", time.Minute, "x")()
		if took := time.Since(begun); took != time.Millisecond {
			t.Errorf("a request of another key took %v, want 1ms", took)
		}
		time.Sleep(lateAfter)
		synctest.Wait()
		want := []string{"hanging[a]", "other[x]", "hanging[b c]"}
		if got := g.made(); !slices.Equal(got, want) {
			t.Errorf("calls once the first is late: %v, want %v", got, want)
		}
		time.Sleep(time.Second)
		last := g.begin(t, "hanging", time.Minute, "d")
		time.Sleep(time.Second)
		synctest.Wait()
		if got := g.made(); len(got) != len(want) {
			t.Errorf("calls: %v, want two under way at most", got)
		}
		last()
		if took := time.Since(begun); took != 10*time.Second+time.Millisecond {
			t.Errorf("the request that had no room took until %v, want it sent when the first was answered", took)
		}
		first()
		g.want(t, "in the end", append(want, "hanging[d]")...)
	})
}

// Who has left is not sent, and a call goes on for the others as long as one of
// them waits.
func TestGroupForgetsWhoLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newTestGroup(Options[string, string]{Most: 9, OnTime: 1, UnderWay: 1})
		g.takes["busy"], g.takes["stays"] = 100*time.Millisecond, 400*time.Millisecond
		begun := time.Now()
		busy := g.begin(t, "k", time.Minute, "busy")
		early := g.begin(t, "k", 50*time.Millisecond, "leaves early")
		stays := g.begin(t, "k", 600*time.Millisecond, "stays")
		late := g.begin(t, "k", 300*time.Millisecond, "leaves late")
		for _, want := range []struct {
			request string
			wait    func() map[string]error
			after   time.Duration
			err     error
		}{
			{"leaves early", early, 50 * time.Millisecond, context.DeadlineExceeded},
			{"busy", busy, 100 * time.Millisecond, nil},
			{"leaves late", late, 300 * time.Millisecond, context.DeadlineExceeded},
			{"stays", stays, 500 * time.Millisecond, nil},
		} {
			err := want.wait()[want.request]
			if took := time.Since(begun); !errors.Is(err, want.err) || took != want.after {
				t.Errorf("%s: %v after %v, want %v after %v", want.request, err, took, want.err, want.after)
			}
		}
		g.want(t, "with some who left", "k[busy]", "k[stays leaves late]")
		if deadline, _ := g.calls[1].ctx.Deadline(); !deadline.Equal(begun.Add(600 * time.Millisecond)) {
			t.Errorf("the call may take %v, want as long as the last of its callers", deadline.Sub(begun))
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := g.Do(over, "k", "too late"); !errors.Is(err, context.Canceled) || len(g.made()) != 2 {
			t.Errorf("a request whose context has ended = %v", err)
		}
	})
}

// When all who gathered have left there is no call.
func TestGroupMakesNoCallForNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newTestGroup(Options[string, string]{Most: 9, OnTime: 1, UnderWay: 1})
		g.takes["busy"] = 40 * time.Millisecond
		busy := g.begin(t, "k", time.Minute, "busy")
		g.begin(t, "k", 10*time.Millisecond, "a", "b")()
		busy()
		g.want(t, "when all have left", "k[busy]")
	})
}

// The error of a call is that of all its requests, and nothing is made again;
// unless the error may be owed to one of them, which then fails alone.
func TestGroupThatFails(t *testing.T) {
	t.Parallel()
	away, bad := errors.New("away"), errors.New("bad request")
	tests := []struct {
		name  string
		fails error
		want  []string
		errs  map[string]error
	}{
		{"network", away, []string{"k[busy]", "k[a bad c]"}, map[string]error{"a": away, "bad": away, "c": away}},
		{"one of them", bad, []string{"k[busy]", "k[a bad c]", "k[a]", "k[bad]", "k[c]"}, map[string]error{"a": nil, "bad": bad, "c": nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := newTestGroup(Options[string, string]{Most: 9, OnTime: 1, UnderWay: 1, Alone: func(_ string, err error) bool { return errors.Is(err, bad) }})
				g.fails = func(requests []string) error {
					if slices.Contains(requests, "bad") {
						return tt.fails
					}
					return nil
				}
				busy := g.begin(t, "k", time.Minute, "busy")
				for r, err := range g.begin(t, "k", time.Minute, "a", "bad", "c")() {
					if !errors.Is(err, tt.errs[r]) || (err == nil) != (tt.errs[r] == nil) {
						t.Errorf("%s = %v, want %v", r, err, tt.errs[r])
					}
				}
				busy()
				got := g.made()
				slices.Sort(got[2:]) // who is alone waits for no other
				if !slices.Equal(got, tt.want) {
					t.Errorf("calls %v, want %v", got, tt.want)
				}
				n := len(got)
				if err := g.begin(t, "k", time.Minute, "bad")()["bad"]; !errors.Is(err, tt.fails) || len(g.made()) != n+1 {
					t.Errorf("a lone request that fails = %v after %d calls, want the error of one", err, len(g.made())-n)
				}
			})
		})
	}
}

// A request that is answered that it is to be made alone is, and no other.
func TestGroupMakesARequestAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newTestGroup(Options[string, string]{Most: 9, OnTime: 1, UnderWay: 1, Alone: func(answer string, _ error) bool { return answer == "answer to odd" }})
		busy := g.begin(t, "k", time.Minute, "busy")
		g.begin(t, "k", time.Minute, "a", "odd", "c")()
		busy()
		g.begin(t, "k", time.Minute, "odd")()
		g.want(t, "with one that is to be alone", "k[busy]", "k[a odd c]", "k[odd]", "k[odd]")
	})
}

// A call ends with the request with which it is full.
func TestGroupBoundsTheSizeOfACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newTestGroup(Options[string, string]{Most: 9, OnTime: 1, UnderWay: 1, Room: 6, Size: func(r string) int { return len(r) }})
		g.begin(t, "k", time.Minute, "huge and alone", "abc", "def", "g", "another huge one", "h")()
		g.want(t, "of bounded size", "k[huge and alone]", "k[abc def]", "k[g another huge one]", "k[h]")
	})
}
