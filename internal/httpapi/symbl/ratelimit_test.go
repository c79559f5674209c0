package symbl_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/httpapi/symbl"
	"github.com/turnwise/turnwise/internal/jobs"
)

// withLimit returns the API on the same store, with a limit for ann and none
// for bob.
func newLimitedAPI(service *httpapitest.Service, limit int, slots symbl.Slots) *httpapi.API {
	service.T.Helper()
	ann := account.Entry{Account: account.Account{ID: "ann", MaxConcurrentJobs: limit}, TokenHashes: []string{account.HashToken("ann")}}
	bob := account.Entry{Account: account.Account{ID: "bob"}, TokenHashes: []string{account.HashToken("bob")}}
	accounts, err := account.NewDirectory(ann, bob)
	if err != nil {
		service.T.Fatal(err)
	}
	limits := jobs.Limits{Concurrent: func(id string) int {
		who, _ := accounts.ByID(id)
		return who.MaxConcurrentJobs
	}}
	limited := jobs.NewService(service.Store, httpapitest.NoDoorbell{}, service.Store.Shards(), jobs.ServiceOptions{Limits: limits})
	return httpapi.New(httpapi.Deps{Jobs: limited, Accounts: accounts, Catalog: catalog.New(service.Store)},
		slog.New(slog.DiscardHandler), httpapi.Options{Slots: slots})
}

func wantAllowance(t *testing.T, got *httptest.ResponseRecorder, status int, limit, remaining string) {
	t.Helper()
	h := got.Header()
	if got.Code != status || h.Get("X-RateLimit-Limit") != limit || h.Get("X-RateLimit-Remaining") != remaining {
		t.Errorf("status %d, limit %q, remaining %q; want %d, %q, %q", got.Code,
			h.Get("X-RateLimit-Limit"), h.Get("X-RateLimit-Remaining"), status, limit, remaining)
	}
}

// What an answer says is left is what can be used.
func TestRemainingJobs(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	api := newLimitedAPI(service, 2, service.Store)
	submit := func(headers ...string) *httptest.ResponseRecorder {
		return httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello, headers...))
	}
	wantAllowance(t, submit(), 201, "2", "1")
	wantAllowance(t, submit(), 201, "2", "0")
	wantAllowance(t, submit(), 429, "2", "0")
	service.RunJobs()
	wantAllowance(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", `{}`)), 400, "2", "2")
	wantAllowance(t, submit(), 201, "2", "1")
	wantAllowance(t, submit("Authorization", "bob"), 201, "", "")
	wantAllowance(t, submit("Authorization", "eve"), 401, "", "")
}

type failingSlots struct{}

func (failingSlots) Unfinished(context.Context, string) (int, bool, error) {
	return 0, true, jobs.ErrUnavailable
}

// A job that was accepted is not refused because others cannot be counted.
func TestRemainingJobsUnknown(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	api := newLimitedAPI(service, 1, failingSlots{})
	wantAllowance(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)), 201, "1", "")
	wantAllowance(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)), 429, "1", "0") // that much is known
	wantAllowance(t, httpapitest.Serve(newLimitedAPI(service, 2, nil), httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)), 201, "", "")
}
