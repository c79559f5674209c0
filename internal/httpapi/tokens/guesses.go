package tokens

import (
	"context"
	"log/slog"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/turnwise/turnwise/internal/cache"
)

// How many wrong secrets may be sent at once, and how long it takes until one
// more may be.
const (
	appGuesses      = 10 // for one application
	appInterval     = 2 * time.Second
	addressGuesses  = 30 // from one address
	addressInterval = time.Second
)

const (
	remembered  = 8192           // applications and addresses
	provenFor   = 24 * time.Hour // for how long an address is known to have the secret of an application
	logInterval = time.Minute    // between lines of the log
)

// A Meter counts requests that were refused because of the guesses before them.
type Meter interface {
	GuessSlowed(byAddress bool)
}

// A source is where a request with a secret comes from.
type source struct {
	app     string
	address netip.Prefix // of IPv6 the network, as one caller has all of it
}

func sourceOf(app, remote string) source {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return source{app: app} // in this process
	}
	address, bits := at.Addr().Unmap().WithZone(""), 32
	if address.Is6() {
		bits = 64
	}
	prefix, _ := address.Prefix(bits) // these lengths fit
	return source{app: app, address: prefix}
}

// guesses slows those who try secrets. Requests with a right secret are free;
// only wrong ones count, for the application and for the address. Whoever has
// shown the right secret from an address is not held up there by what others
// try from elsewhere.
type guesses struct {
	log   *slog.Logger
	meter Meter // may be nil

	mu     sync.Mutex
	counts *cache.LRU[any, *count] // by application, which is a string, and address
	proven *cache.LRU[source, struct{}]
	logged time.Time // when the last line was
	slowed int       // requests since then
}

// A count is what is left of the guesses of an application or an address.
type count struct {
	left     *rate.Limiter
	underWay int // requests that are not known to be right or wrong
}

func newGuesses(log *slog.Logger, meter Meter) *guesses {
	return &guesses{
		log: log, meter: meter,
		counts: cache.NewLRU[any, *count](remembered),
		proven: cache.NewLRU[source, struct{}](remembered),
	}
}

// begin returns how long the request has to wait, 0 if it may go on. Then end
// has to be called with what came of it.
func (g *guesses) begin(ctx context.Context, from source) (wait time.Duration, end func(right, wrong bool)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	counts := []*count{g.count(from.address, addressGuesses, addressInterval)}
	if _, proven := g.proven.Get(from); !proven {
		counts = append(counts, g.count(from.app, appGuesses, appInterval))
	}
	for i, c := range counts {
		if wait = c.wait(now); wait > 0 {
			g.slow(ctx, now, from, i == 0)
			return wait, nil
		}
	}
	for _, c := range counts {
		c.underWay++
	}
	return 0, func(right, wrong bool) { g.end(from, counts, right, wrong) }
}

// count returns the count of an application or an address. The caller holds
// the lock.
func (g *guesses) count(of any, most int, interval time.Duration) *count {
	c, known := g.counts.Get(of)
	if !known {
		c = &count{left: rate.NewLimiter(rate.Every(interval), most)}
		g.counts.Put(of, c, 1)
	}
	return c
}

// wait returns how long it takes until one more guess is left.
func (c *count) wait(now time.Time) time.Duration {
	missing := 1 - (c.left.TokensAt(now) - float64(c.underWay))
	if missing <= 0 {
		return 0
	}
	return time.Duration(math.Ceil(missing/float64(c.left.Limit())) * float64(time.Second))
}

func (g *guesses) end(from source, counts []*count, right, wrong bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for _, c := range counts {
		c.underWay--
		if wrong {
			c.left.AllowN(now, 1)
		}
	}
	if right {
		g.proven.PutUntil(now.Add(provenFor), from, struct{}{}, 1)
	}
}

// slow counts a request that has to wait, and logs the first in a while. The
// caller holds the lock.
func (g *guesses) slow(ctx context.Context, now time.Time, from source, byAddress bool) {
	if g.meter != nil {
		g.meter.GuessSlowed(byAddress)
	}
	g.slowed++
	if !g.logged.IsZero() && now.Sub(g.logged) < logInterval {
		return
	}
	g.log.WarnContext(ctx, "guesses at the secrets of applications were slowed",
		slog.Int("requests", g.slowed), slog.String("address", from.address.String()), slog.Bool("by_address", byAddress))
	g.logged, g.slowed = now, 0
}
