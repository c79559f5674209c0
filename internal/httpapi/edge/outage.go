package edge

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// recoveryTime is for how long no request may have been refused before an outage
// is over. A single success does not end an outage: reads succeed while Redis is
// full, and some keys can be read while a part of a Cluster is down.
const recoveryTime = 10 * time.Second

// An outage counts the requests that are refused because the store is
// unavailable, so that its beginning and its end are logged and not each request.
// The zero value is ready for use.
type outage struct {
	mu      sync.Mutex
	refused int // 0 while there is no outage
	began   time.Time
	latest  time.Time // of the refusals
}

// unavailable reports whether an error means that the store is unavailable.
func unavailable(err error) bool {
	return errors.Is(err, jobs.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// refuse notes a refused request and reports whether it is the first one.
func (o *outage) refuse() (first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.latest = time.Now()
	if o.refused == 0 {
		o.began = o.latest
	}
	o.refused++
	return o.refused == 1
}

// answer notes that a request succeeded, and logs it if that ends an outage.
func (o *outage) answer(ctx context.Context, log *slog.Logger) {
	o.mu.Lock()
	refused, lasted := o.refused, o.latest.Sub(o.began)
	over := refused > 0 && time.Since(o.latest) >= recoveryTime
	if over {
		o.refused = 0
	}
	o.mu.Unlock()
	if over {
		log.InfoContext(ctx, "requests are no longer refused", slog.Int("refused", refused), slog.Duration("lasted", lasted))
	}
}
