package edge_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/tally"
)

// asked counts requests to Redis by account.
type asked struct {
	mu    sync.Mutex
	times map[string]int
}

func (*asked) HTTPRequest(string, string, int, time.Duration) {}

func (a *asked) AccountAsked(account string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times[account]++
}

// What a handler asks of the store counts for the account, in short steps, in long
// readings and in what is read while it is sent alike.
func TestRequestsToRedisCountForTheAccount(t *testing.T) {
	t.Parallel()
	meter := &asked{times: map[string]int{}}
	handle := func(ctx context.Context, x *edge.Exchange) (any, error) {
		tally.Add(ctx)
		tally.Add(x.Long())
		tally.Add(x.Reading())
		return struct{}{}, nil
	}
	dialect := edge.Dialect{Routes: []edge.Route{edge.OK("GET /v1/asked", handle)}}
	h := edge.New(oneAccount{}, []edge.Dialect{dialect}, slog.New(slog.DiscardHandler), edge.Options{Meter: meter})
	r := httpapitest.Request(http.MethodGet, "/v1/asked", "")
	if got := httpapitest.Serve(h, r); got.Code != http.StatusOK {
		t.Fatalf("answered %d: %s", got.Code, got.Body)
	}
	if len(meter.times) != 1 || meter.times["acme"] != 3 {
		t.Errorf("counted %v, want 3 of acme", meter.times)
	}
}

type oneAccount struct{}

func (oneAccount) ByToken(string) (account.Account, bool) { return account.Account{ID: "acme"}, true }
