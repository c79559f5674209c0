package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// jobsView is what the list of jobs shows.
type jobsView struct {
	Query  jobs.Query
	Counts jobs.Counts
	Jobs   []jobs.Listed
	Next   string // address of the next page; empty after the last
	Follow string // address of what changes; empty but for the first page
}

// jobQuery reads the parameters of the list, which are its filters.
func jobQuery(params url.Values) (jobs.Query, error) {
	q := jobs.Query{
		Status: jobs.Status(params.Get("status")), ConversationID: strings.TrimSpace(params.Get("conversation")),
		Message: strings.TrimSpace(params.Get("reason")), Oldest: params.Get("order") == "oldest", Limit: pageSize, Cursor: params.Get("cursor"),
	}
	if q.Status != "" && !slices.Contains(jobs.Statuses(), q.Status) {
		return q, refuse(http.StatusBadRequest, "The status must be scheduled, in_progress, completed or failed.")
	}
	if q.Message != "" {
		q.Status = jobs.Failed // no other has a reason
	}
	return q, nil
}

// paramsOf is the reverse of [jobQuery], without the place in the list.
func paramsOf(q jobs.Query) url.Values {
	params := url.Values{}
	for name, value := range map[string]string{"status": string(q.Status), "conversation": q.ConversationID, "reason": q.Message} {
		if value != "" {
			params.Set(name, value)
		}
	}
	if q.Oldest {
		params.Set("order", "oldest")
	}
	return params
}

func (c *Console) listJobs(ctx context.Context, account string, q jobs.Query) (any, error) {
	found, counts, err := c.pageOfJobs(ctx, account, q)
	if err != nil {
		return nil, err
	}
	v := jobsView{Query: q, Counts: counts, Jobs: found.Jobs}
	if found.Cursor != "" {
		params := paramsOf(q)
		params.Set("cursor", found.Cursor)
		v.Next = baseOf(account) + "/jobs?" + params.Encode()
	}
	if q.Cursor == "" {
		v.Follow = baseOf(account) + "/jobs/live?" + paramsOf(q).Encode()
	}
	return v, nil
}

// jobs lists jobs, of an account or of all. Whoever has the id of one is led to it.
func (c *Console) jobs(x *exchange) error {
	params := x.r.URL.Query()
	if text := strings.TrimSpace(params.Get("id")); text != "" && x.account.ID != "" {
		id, _, ok := jobs.ParseID(text)
		if !ok {
			return refuse(http.StatusNotFound, "No job has this id.")
		}
		return x.see("", "jobs", id)
	}
	q, err := jobQuery(params)
	if err != nil {
		return err
	}
	v, err := c.listJobs(x.r.Context(), x.account.ID, q)
	if err != nil {
		return err
	}
	return c.show(x, "jobs", "Jobs", v)
}

// jobsEvery is how often a list that is watched is read.
const jobsEvery = 2 * time.Second

func (c *Console) jobsLive(x *exchange) error {
	q, err := jobQuery(x.r.URL.Query())
	if err != nil {
		return err
	}
	q.Cursor = ""
	account := x.account.ID
	return c.follow(x, "jobs", slowly(everyOf(account, jobsEvery), func(ctx context.Context) (any, error) { return c.listJobs(ctx, account, q) }))
}

// slowly returns a reading that is done no more often than that, and has the last result
// in between. One goroutine calls it.
func slowly(every time.Duration, read func(context.Context) (any, error)) func(context.Context) (any, error) {
	var at time.Time
	var last any
	return func(ctx context.Context) (any, error) {
		if time.Since(at) < every && last != nil {
			return last, nil
		}
		v, err := read(ctx)
		if err == nil {
			at, last = time.Now(), v
		}
		return v, err
	}
}
