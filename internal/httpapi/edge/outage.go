package edge

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// outageEnd is for how long nothing may have been refused before an outage is over.
// While Redis is full, reads go well, and while a part of a Cluster is away,
// whatever lies elsewhere: an answer alone ends nothing.
const outageEnd = 10 * time.Second

// An outage counts the requests that are refused because the store does not do
// what they need, so that its beginning and its end are in the log and not
// each request. The zero value is none.
type outage struct {
	mu      sync.Mutex
	refused int // 0 while there is none
	began   time.Time
	latest  time.Time // refusal
}

// unavailable tells the errors of a store that is away from all others.
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

// answer notes that a request went well, and logs it if that ends an outage.
func (o *outage) answer(ctx context.Context, log *slog.Logger) {
	o.mu.Lock()
	refused, lasted := o.refused, o.latest.Sub(o.began)
	over := refused > 0 && time.Since(o.latest) >= outageEnd
	if over {
		o.refused = 0
	}
	o.mu.Unlock()
	if over {
		log.InfoContext(ctx, "requests are no longer refused", slog.Int("refused", refused), slog.Duration("lasted", lasted))
	}
}
