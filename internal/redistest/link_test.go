package redistest_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redistest"
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

// shortly calls f with a context of 50 ms and returns its error.
func shortly(t *testing.T, f func(context.Context) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
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
			failed := 0
			for range 40 {
				if shortly(t, func(ctx context.Context) error { return over.Incr(ctx, "n").Err() }) != nil {
					failed++
				}
			}
			if n, _ := direct.Get(t.Context(), "n").Int(); n != 40 {
				t.Errorf("Redis counted %d commands, want all 40", n)
			}
			if failed < 8 || failed > 32 || link.Lost() < failed {
				t.Errorf("%d of 40 calls failed, %d replies got lost; want about half", failed, link.Lost())
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

func TestLinkLosesTheNextReplyToACommand(t *testing.T) {
	t.Parallel()

	link, over, _ := linked(t)
	link.Lose(redistest.Loss{Share: 1, Only: "incr", Next: 1})
	if err := over.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Errorf("SET while only replies to INCR get lost: %v", err)
	}
	if err := over.Incr(t.Context(), "n").Err(); err == nil {
		t.Error("the reply to INCR arrived")
	}
	if n, err := over.Incr(t.Context(), "n").Result(); n != 2 || err != nil {
		t.Errorf("the next INCR = %d, %v; want 2", n, err)
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
