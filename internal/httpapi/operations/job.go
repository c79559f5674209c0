package operations

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/deliveries"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
)

// detailView is a job with all that is known of it.
type detailView struct {
	jobView

	Lane     *placeView        `json:"lane,omitempty"`
	Attempts int               `json:"failedAttempts"`
	NextAt   string            `json:"nextAttemptAt,omitempty"`
	Failures []failureView     `json:"failures"`
	Events   []deliveries.View `json:"events"`
}

// placeView says where an unfinished job stands in the lane of its conversation.
type placeView struct {
	Ahead  int64 `json:"ahead"`
	Behind int64 `json:"behind"`
}

// failureView is why an attempt at a job ended without effect.
type failureView struct {
	At     string `json:"at"`
	Reason string `json:"reason"`
}

func viewOfDetail(d control.Detail) detailView {
	v := detailView{
		jobView: viewOf(d.Job), Attempts: d.Attempts, NextAt: edge.FormatTime(d.NextAt),
		Failures: make([]failureView, len(d.Failures)), Events: make([]deliveries.View, len(d.Deliveries)),
	}
	if !d.Status.Final() {
		v.Lane = &placeView{d.Ahead, d.Behind}
	}
	for n, f := range d.Failures {
		v.Failures[n] = failureView{edge.FormatTime(f.At), f.Reason}
	}
	for n, e := range d.Deliveries {
		v.Events[n] = deliveries.ViewOf(e)
	}
	return v
}

// show serves GET /v1/jobs/{jobId}.
func (h *handlers) show(_ context.Context, x *edge.Exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.Request.PathValue("jobId"))
	if !ok {
		return nil, edge.ErrNoJob
	}
	d, err := h.control.Show(x.Long(), x.Account.ID, id)
	if err != nil {
		return nil, err
	}
	return viewOfDetail(d), nil
}
