package edge

import (
	"bytes"
	"context"
	"io"
	"iter"
	"log/slog"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/netpoll"
	"github.com/turnwise/turnwise/internal/quota"
)

// Answers of an account are written in turns, those of another one beside them, and a
// turn ends where the sending begins.
func TestInTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &Handler{turns: newTurns()}
		share := (runtime.GOMAXPROCS(0) + 1) / 2
		var writing, most atomic.Int64
		write := func(id string, sends bool) {
			x := &Exchange{h: h, Request: httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), Account: account.Account{ID: id}}
			defer x.giveBack()
			for _, err := range InTurns(x, numbers(3)) {
				if err != nil {
					t.Error(err)
				}
				most.Store(max(most.Load(), writing.Add(1)))
				if sends {
					x.endTurn()
				}
				time.Sleep(time.Second)
				writing.Add(-1)
			}
		}
		var writers sync.WaitGroup
		begun := time.Now()
		for range 2 * share {
			writers.Go(func() { write("many", false) })
		}
		synctest.Wait()
		if write("other", false); time.Since(begun) != 3*time.Second || int(most.Load()) != share+1 {
			t.Errorf("another account's answer took %v, with %d written at once; want it beside %d of the first one's", time.Since(begun), most.Load(), share)
		}
		writers.Wait()
		most.Store(0)
		for range 3 * share {
			writers.Go(func() { write("many", true) })
		}
		synctest.Wait()
		if int(most.Load()) != 3*share {
			t.Errorf("%d answers are sent at once, want all %d", most.Load(), 3*share)
		}
		writers.Wait()
	})
}

// numbers yields so many numbers.
func numbers(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// byName has an account for each token, of that name.
type byName struct{}

func (byName) ByToken(token string) (account.Account, bool) { return account.Account{ID: token}, true }

// Requests with long bodies, and those that have waited for Redis many times, compute in
// the turns of their account; short ones and another account's beside them. They have no
// turn while they wait, also if several goroutines wait for one of them at once, and
// afterwards none is held.
func TestLongRequestsTakeTurns(t *testing.T) {
	t.Parallel()
	share := (runtime.GOMAXPROCS(0) + 1) / 2
	type waiting func(d time.Duration) // for Redis
	nothing := func(waiting) {}
	once := func(wait waiting) { wait(time.Second) }
	for name, c := range map[string]struct {
		account string
		body    int           // bytes
		before  func(waiting) // what the handler does before and after it computes for a second
		atOnce  int           // of 3 × share, how many compute; 0 for any number
	}{
		"a long body":             {"many", longBody, nothing, share},
		"a short body":            {"many", longBody - 1, nothing, 3 * share},
		"a stranger's long body":  {"", longBody, nothing, 3 * share},
		"a long body and a wait":  {"many", longBody, once, share},
		"a short body and a wait": {"many", 1, once, 3 * share},
		"many waits": {"many", 1, func(wait waiting) {
			for range manyWaits {
				wait(time.Second)
			}
		}, share},
		"many waits of two readers": {"many", 1, func(wait waiting) {
			var both sync.WaitGroup
			for n := range 2 {
				both.Go(func() {
					for range 2 * manyWaits {
						wait(time.Duration(n+1) * time.Second)
					}
				})
			}
			both.Wait()
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var computing, mostComputing, waiting, mostWaiting atomic.Int64
				handle := func(ctx context.Context, x *Exchange) (any, error) {
					wait := func(d time.Duration) {
						defer lane.Wait(ctx)()
						mostWaiting.Store(max(mostWaiting.Load(), waiting.Add(1)))
						time.Sleep(d)
						waiting.Add(-1)
					}
					c.before(wait)
					mostComputing.Store(max(mostComputing.Load(), computing.Add(1)))
					time.Sleep(time.Second)
					computing.Add(-1)
					ctx = x.Long()
					c.before(wait)
					return struct{}{}, nil
				}
				d := Dialect{Routes: []Route{OK("POST /v1/long", handle)}, Public: []Route{OK("POST /public", handle)}}
				h := New(byName{}, []Dialect{d}, slog.New(slog.DiscardHandler), Options{Timeout: time.Hour, StoreTimeout: time.Hour})
				path := map[bool]string{true: "/public", false: "/v1/long"}[c.account == ""]
				var all sync.WaitGroup
				for range 3 * share {
					all.Go(func() {
						r := httptest.NewRequestWithContext(t.Context(), "POST", path, bytes.NewReader(make([]byte, c.body)))
						r.Header.Set("Authorization", "Bearer "+c.account)
						w := httptest.NewRecorder()
						if h.ServeHTTP(w, r); w.Code != 200 {
							t.Errorf("answered %d", w.Code)
						}
					})
				}
				all.Wait()
				if got := int(mostComputing.Load()); c.atOnce != 0 && got != c.atOnce {
					t.Errorf("%d of %d computed at once, want %d", got, 3*share, c.atOnce)
				}
				if got := int(mostWaiting.Load()); got != 0 && got < 3*share {
					t.Errorf("%d of %d waited for Redis at once", got, 3*share)
				}
				for range share { // none of which is held
					if _, err := h.turns.Take(t.Context(), c.account); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}

// While one goroutine of an exchange waits for its turn, another one goes on without: else
// it would wait for the turn that the first one has by then.
func TestOneAsksForTheTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := &Exchange{h: &Handler{turns: quota.New(1)}, Request: httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), Account: account.Account{ID: "many"}}
		end, err := x.h.turns.Take(t.Context(), "many")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = x.beginTurn() }()
		synctest.Wait()
		_ = x.beginTurn()
		end()
		synctest.Wait()
		if !x.endTurn() {
			t.Error("the one who asked has no turn")
		}
	})
}

// What is long lets others go on where it waits for Redis, and where a part of its answer
// is sent, some milliseconds after the last time.
func TestLongRequestsLetOthersGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const portions = 5
		polls := 0
		for name, handle := range map[string]func(ctx context.Context, x *Exchange) (any, error){
			"waits": func(ctx context.Context, _ *Exchange) (any, error) {
				for range portions {
					lane.Wait(ctx)()
					time.Sleep(netpoll.Every)
				}
				return struct{}{}, nil
			},
			"sends": func(context.Context, *Exchange) (any, error) {
				return slowText{portions}, nil
			},
		} {
			d := Dialect{Routes: []Route{OK("POST /v1/long", handle)}}
			h := New(byName{}, []Dialect{d}, slog.New(slog.DiscardHandler), Options{})
			polls, h.poll = 0, func() { polls++ }
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/long", bytes.NewReader(make([]byte, longBody)))
			r.Header.Set("Authorization", "Bearer many")
			if h.ServeHTTP(httptest.NewRecorder(), r); polls != portions-1 {
				t.Errorf("one that %s let others go on %d times in %d portions", name, polls, portions)
			}
		}
	})
}

// slowText is an answer of so many portions, of which each takes time.
type slowText struct{ portions int }

func (s slowText) WriteJSON(w io.Writer) error {
	for range s.portions {
		if _, err := w.Write(make([]byte, 2*streamedSize)); err != nil {
			return err
		}
		time.Sleep(netpoll.Every)
	}
	return nil
}
