package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// allBase is where the lists of all accounts are, which the operator's session alone
// opens. They are those of an account whose id is empty.
const allBase = "/console/all"

// allEvery is how often a list of all accounts is read that is watched: it costs as much
// as those of [control.AccountsAtOnce] accounts.
const allEvery = 10 * time.Second

// baseOf returns where the pages of an account are, or those of all.
func baseOf(account string) string {
	if account == "" {
		return allBase
	}
	return "/console/a/" + url.PathEscape(account)
}

// everyOf returns how often a list is read that is watched.
func everyOf(account string, every time.Duration) time.Duration {
	if account == "" {
		return allEvery
	}
	return every
}

// allRoutes returns the pages of all accounts.
func (c *Console) allRoutes() []route {
	return []route{
		page("/jobs", c.ofAccount("jobs", c.jobs)),
		page("/jobs/live", c.jobsLive),
		page("/lanes", c.ofAccount("lanes", c.lanes)),
		page("/lanes/live", c.lanesLive),
	}
}

// ofAccount leads to the list of the account that the filter names, if it names one.
func (c *Console) ofAccount(list string, all func(*exchange) error) func(*exchange) error {
	return func(x *exchange) error {
		params := x.r.URL.Query()
		id := params.Get("account")
		params.Del("account")
		if id == "" {
			return all(x)
		}
		if _, ok := c.Accounts.ByID(id); !ok {
			return refuse(http.StatusNotFound, "There is no account with this id.")
		}
		x.status = http.StatusSeeOther
		http.Redirect(x.w, x.r, baseOf(id)+"/"+list+"?"+params.Encode(), http.StatusSeeOther)
		return nil
	}
}

// enterAll sets the session of the exchange, which has to be the operator's.
func (c *Console) enterAll(x *exchange) (err error) {
	if x.session, err = c.session(x.r); err == nil && !x.session.operator {
		err = errNothing
	}
	return err
}

// pageOfJobs returns a page of the jobs of an account or of all, and counts of those that
// it is of, as they are or were a moment ago.
func (c *Console) pageOfJobs(ctx context.Context, account string, q jobs.Query) (jobs.Page, jobs.Counts, error) {
	if account == "" {
		page, accounts, err := c.Control.ListAll(ctx, q)
		if err != nil {
			return page, nil, err
		}
		counts, err := c.counted.of(accounts, func() (jobs.Counts, error) { return c.Control.CountOf(ctx, accounts) })
		return page, counts, err
	}
	page, err := c.Control.List(ctx, account, q)
	if err != nil {
		return page, nil, err
	}
	state, err := c.stateOf(ctx, account)
	if err != nil {
		return page, nil, err
	}
	return page, state.jobs, nil
}

// pageOfLanes returns a page of the lanes of an account or of all.
func (c *Console) pageOfLanes(ctx context.Context, account string, q lane.Query) (lane.Page, error) {
	if account == "" {
		page, _, err := c.Control.LanesOfAll(ctx, q)
		return page, err
	}
	return c.Control.Lanes(ctx, account, q)
}

// counted keeps the latest counts of several accounts together.
type counted struct {
	mu       sync.Mutex
	at       time.Time
	accounts []string
	counts   jobs.Counts
}

// of returns the counts of accounts, which are counted again if the latest are too old
// or of others.
func (k *counted) of(accounts []string, count func() (jobs.Counts, error)) (jobs.Counts, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.at) < allEvery && slices.Equal(k.accounts, accounts) {
		return k.counts, nil
	}
	counts, err := count()
	if err == nil {
		k.at, k.accounts, k.counts = time.Now(), accounts, counts
	}
	return counts, err
}
