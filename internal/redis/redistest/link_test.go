package redistest_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// linked returns a link to a Redis of its own, a client that uses it, and one
// that does not.
func linked(t *testing.T) (link *redistest.NetworkLink, over, direct redis.UniversalClient) {
	t.Helper()
	p := redistest.Server(t)
	link = redistest.Link(t, p.Addr, 1)
	over = redis.NewClient(&redis.Options{
		Addr: link.Addr, MaxRetries: -1, ContextTimeoutEnabled: true, ReadTimeout: 5 * time.Second,
	})
	t.Cleanup(func() {
		if err := over.Close(); err != nil {
			t.Errorf("close the client: %v", err)
		}
	})
	if err := over.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	return link, over, p.Client()
}

// shortly calls f with a context of 100 ms and returns its error.
func shortly(t *testing.T, f func(context.Context) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	return f(ctx)
}

func TestLinkLosesRepliesOfWhatWasDone(t *testing.T) {
	t.Parallel()

	for name, silent := range map[string]bool{"closing": false, "silent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			link, over, direct := linked(t)
			link.Lose(redistest.Loss{Share: 0.5, Silent: silent})
			const calls = 30
			failed := 0
			for range calls {
				if shortly(t, func(ctx context.Context) error { return over.Incr(ctx, "n").Err() }) != nil {
					failed++
				}
			}
			lost := link.Lost() // a call may also fail because the machine is busy
			if lost < calls/5 || lost > calls*4/5 || failed < lost {
				t.Errorf("%d of %d calls failed, %d replies got lost; want about half", failed, calls, lost)
			}
			if n, _ := direct.Get(t.Context(), "n").Int(); n < calls-(failed-lost) {
				t.Errorf("Redis counted %d commands, want all %d less those that were not sent in time", n, calls)
			}
			link.Heal()
			for range 20 { // no reply of before is taken for one of now
				if s, err := over.Echo(t.Context(), "now").Result(); s != "now" && err == nil {
					t.Errorf("ECHO now = %v", s)
				}
			}
			if err := over.Ping(t.Context()).Err(); err != nil {
				t.Errorf("PING over the healed link: %v", err)
			}
		})
	}
}

func TestLinkLosesTheReplyOfChoice(t *testing.T) {
	t.Parallel()

	link, over, _ := linked(t)
	link.Lose(redistest.Loss{Share: 1, Only: "incr", After: 1, Next: 1})
	if err := over.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Errorf("SET while only replies to INCR get lost: %v", err)
	}
	for want, lost := range []bool{false, true, false} {
		if n, err := over.Incr(t.Context(), "n").Result(); (err != nil) != lost || !lost && int(n) != want+1 {
			t.Errorf("INCR number %d = %d, %v; want lost %t", want+1, n, err, lost)
		}
	}
}

func TestLinkDelays(t *testing.T) {
	t.Parallel()

	link, over, _ := linked(t)
	for _, d := range [][2]time.Duration{{100 * time.Millisecond, 0}, {0, 100 * time.Millisecond}} {
		link.Delay(d[0], d[1])
		start := time.Now()
		if err := over.Ping(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 100*time.Millisecond {
			t.Errorf("PING with delays %v took %v, want 100ms or more", d, took)
		}
	}
}

func TestLinkCutsConnections(t *testing.T) {
	t.Parallel()

	link, over, _ := linked(t)
	blocked := make(chan error)
	go func() { blocked <- over.BLPop(t.Context(), 0, "nothing").Err() }()
	for {
		link.Cut()
		select {
		case err := <-blocked:
			if err == nil {
				t.Error("BLPOP returned something")
			}
			if err := over.Ping(t.Context()).Err(); err != nil {
				t.Errorf("PING on a new connection: %v", err)
			}
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestLinkBecomesABlackHoleAndHeals(t *testing.T) {
	t.Parallel()

	link, over, direct := linked(t)
	link.BlackHole()
	for range 3 { // the connection there is, and new ones
		if err := shortly(t, func(ctx context.Context) error { return over.Incr(ctx, "n").Err() }); err == nil {
			t.Error("a black hole answered")
		}
	}
	if n := direct.Exists(t.Context(), "n").Val(); n != 0 {
		t.Error("a command came through a black hole")
	}
	link.Heal()
	if err := over.Ping(t.Context()).Err(); err != nil {
		t.Errorf("PING over the healed link: %v", err)
	}
}
