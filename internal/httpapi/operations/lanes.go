package operations

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// laneView is a lane as it is answered.
type laneView struct {
	Account  string     `json:"account,omitempty"` // for operators alone
	ID       string     `json:"id"`
	Kind     string     `json:"kind"`
	State    lane.State `json:"state"`
	Reason   string     `json:"reason,omitempty"`
	Since    string     `json:"since,omitempty"`
	Waiting  int64      `json:"waiting"`
	Head     string     `json:"headJobId,omitempty"`
	Attempts int        `json:"failedAttempts"`
	NextAt   string     `json:"nextAttemptAt,omitempty"`
	Endpoint string     `json:"endpointId,omitempty"`
}

// The words for the kinds of lanes.
const (
	ofJobs     = "jobs"
	ofWebhooks = "webhooks"
)

func viewOfLane(v lane.View) laneView {
	kind := ofJobs
	if v.Kind == lane.Deliver {
		kind = ofWebhooks
	}
	return laneView{
		ID: v.ID, Kind: kind, State: v.State, Reason: v.Reason, Since: edge.FormatTime(v.Since), Waiting: v.Waiting,
		Head: v.Head, Attempts: v.Attempts, NextAt: edge.FormatTime(v.NextAt), Endpoint: v.Endpoint,
	}
}

// lanes serves GET /v1/lanes.
func (h *handlers) lanes(_ context.Context, x *edge.Exchange) (any, error) {
	q, err := laneQuery(x.Request.URL)
	if err != nil {
		return nil, err
	}
	page, accounts, err := h.lanePage(x, q)
	if errors.Is(err, jobs.ErrBadCursor) {
		return nil, input.Invalid("cursor", input.BadValue("must be the nextCursor of the page before, with the same parameters"))
	}
	if err != nil {
		return nil, err
	}
	if !x.AllAccounts() {
		accounts = nil
	}
	views := make([]laneView, len(page.Lanes))
	for n, v := range page.Lanes {
		views[n] = viewOfLane(v)
		if x.Operator() {
			views[n].Account = v.Account
		}
	}
	return struct {
		Lanes      []laneView `json:"lanes"`
		NextCursor string     `json:"nextCursor,omitempty"`
		Accounts   []string   `json:"accounts,omitempty"` // that it is of, if it is of all
	}{views, page.Cursor, accounts}, nil
}

// lanePage returns a page of the lanes of the account, or of all accounts for an operator
// who names none, and whose they are.
func (h *handlers) lanePage(x *edge.Exchange, q lane.Query) (lane.Page, []string, error) {
	if x.AllAccounts() {
		return h.control.LanesOfAll(x.Long(), q)
	}
	page, err := h.control.Lanes(x.Long(), x.Account.ID, q)
	return page, []string{x.Account.ID}, err
}

// laneQuery reads the parameters of a list of lanes.
func laneQuery(u *url.URL) (q lane.Query, err error) {
	params, err := input.Query(u)
	if err != nil {
		return q, err
	}
	kind := ""
	for name, into := range map[string]*string{"kind": &kind, "state": (*string)(&q.State), "cursor": &q.Cursor} {
		if *into, err = input.Param(params, name); err != nil {
			return q, err
		}
	}
	q.Kind = lane.Append
	if kind == ofWebhooks {
		q.Kind = lane.Deliver
	}
	switch {
	case kind != "" && kind != ofJobs && kind != ofWebhooks:
		return q, input.Invalid("kind", input.BadValue("must be jobs or webhooks"))
	case !slices.Contains([]lane.State{"", lane.StateWaiting, lane.StateFailing, lane.StateHeld}, q.State):
		return q, input.Invalid("state", input.BadValue("must be waiting, failing or held"))
	case kind == ofWebhooks && q.State != "" && q.State != lane.StateHeld:
		return q, input.Invalid("state", input.BadValue("can be held only of webhooks: what waits for an endpoint is listed among the deliveries"))
	}
	q.Limit, err = input.IntParam(params, "limit", jobsUsual, jobsMost)
	q.Limit = max(q.Limit, 1)
	return q, err
}

// steer serves POST /v1/lanes/{laneId}/retry, …/resume and …/skip.
func (h *handlers) steer(what lane.Action) edge.HandlerFunc {
	return func(ctx context.Context, x *edge.Exchange) (any, error) {
		v, err := h.control.Steer(ctx, x.Account.ID, x.Request.PathValue("laneId"), what)
		switch {
		case errors.Is(err, jobs.ErrUnknownConversation), errors.Is(err, jobs.ErrNotFound):
			return nil, edge.Refuse(http.StatusNotFound, "The laneId is either invalid or does not exist.")
		case errors.Is(err, lane.ErrBusy):
			return nil, edge.Refuse(http.StatusConflict, "The head of the lane is being worked just now. Look at it again when that is over.")
		case errors.Is(err, lane.ErrUntroubled):
			return nil, edge.Refuse(http.StatusConflict, "The lane is not in trouble, so there is nothing to be done.")
		case err != nil:
			return nil, err
		}
		return viewOfLane(v), nil
	}
}
