package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

func (c *Console) laneRoutes() []route {
	return []route{
		page("/lanes", c.lanes),
		page("/lanes/live", c.lanesLive),
		action("/lanes/{id}/retry", "retry lane", c.steerLane(lane.Retry, "laneretried")),
		action("/lanes/{id}/resume", "resume lane", c.steerLane(lane.Resume, "laneresumed")),
		action("/lanes/{id}/skip", "skip head of lane", c.steerLane(lane.Skip, "laneskipped")),
	}
}

// lanesView is what the list of lanes shows.
type lanesView struct {
	Query  lane.Query
	Lanes  []lane.View
	Next   string // address of the next page; empty after the last
	Follow string // address of what changes; empty but for the first page
}

// laneQuery reads the parameters of the list.
func laneQuery(params url.Values) (lane.Query, error) {
	q := lane.Query{Kind: lane.Append, State: lane.State(params.Get("state")), Limit: pageSize, Cursor: params.Get("cursor")}
	if params.Get("kind") == "webhooks" {
		q.Kind, q.State = lane.Deliver, ""
	}
	if q.State != "" && !slices.Contains(laneStates(), q.State) {
		return q, refuse(http.StatusBadRequest, "The state must be waiting, failing or held.")
	}
	return q, nil
}

func laneStates() []lane.State {
	return []lane.State{lane.StateFailing, lane.StateHeld, lane.StateWaiting}
}

// laneParams is the reverse of [laneQuery], without the place in the list.
func laneParams(q lane.Query) url.Values {
	params := url.Values{}
	if q.Kind == lane.Deliver {
		params.Set("kind", "webhooks")
	}
	if q.State != "" {
		params.Set("state", string(q.State))
	}
	return params
}

func (c *Console) listLanes(ctx context.Context, account string, q lane.Query) (any, error) {
	found, err := c.pageOfLanes(ctx, account, q)
	if err != nil {
		return nil, err
	}
	v := lanesView{Query: q, Lanes: found.Lanes}
	base := baseOf(account) + "/lanes"
	if found.Cursor != "" {
		params := laneParams(q)
		params.Set("cursor", found.Cursor)
		v.Next = base + "?" + params.Encode()
	}
	if q.Cursor == "" {
		v.Follow = base + "/live?" + laneParams(q).Encode()
	}
	return v, nil
}

func (c *Console) lanes(x *exchange) error {
	q, err := laneQuery(x.r.URL.Query())
	if err != nil {
		return err
	}
	v, err := c.listLanes(x.r.Context(), x.account.ID, q)
	if err != nil {
		return err
	}
	return c.show(x, "lanes", "Lanes", v)
}

// troubleEvery is how often a list that is watched is read.
const troubleEvery = 2 * time.Second

func (c *Console) lanesLive(x *exchange) error {
	q, err := laneQuery(x.r.URL.Query())
	if err != nil {
		return err
	}
	q.Cursor = ""
	account := x.account.ID
	return c.follow(x, "lanes", slowly(everyOf(account, troubleEvery), func(ctx context.Context) (any, error) { return c.listLanes(ctx, account, q) }))
}

// steerLane returns what has a lane in trouble go on, or gives its head up.
func (c *Console) steerLane(what lane.Action, done string) func(*exchange) error {
	return func(x *exchange) error {
		id := x.r.PathValue("id")
		kind := ""
		if job, _, ok := jobs.ParseID(id); ok {
			id, kind = job, "?kind=webhooks&done="
		}
		x.subject = "lane " + id
		if _, err := c.Control.Steer(x.r.Context(), x.account.ID, id, what); err != nil {
			return err
		}
		if kind == "" {
			return x.see(done, "lanes")
		}
		x.status = http.StatusSeeOther
		http.Redirect(x.w, x.r, x.path("lanes")+kind+done, http.StatusSeeOther)
		return nil
	}
}
