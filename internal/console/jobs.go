package console

import (
	"context"
	"html/template"
	"time"

	"github.com/turnwise/turnwise/internal/console/chart"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
)

func (c *Console) jobRoutes() []route {
	return []route{
		page("/jobs", c.jobs),
		page("/jobs/live", c.jobsLive),
		page("/jobs/{id}", c.job),
		page("/jobs/{id}/live", c.jobLive),
		action("/jobs/{id}/cancel", "cancel job", c.cancelJob),
		action("/jobs/{id}/retry", "retry job", c.retryJob),
	}
}

// jobView is what the page of a job shows.
type jobView struct {
	control.Detail

	Steps []stepView
	Bar   template.HTML
}

// A stepView is a state that a job has been in, or may still come to.
type stepView struct {
	Name    string
	At      time.Time // zero if it was not reached
	After   string    // how long after the step before
	Current bool
	Failed  bool
}

// viewJob returns all that is known of a job.
func (c *Console) viewJob(ctx context.Context, account, id string) (any, error) {
	d, err := c.Control.Show(ctx, account, id)
	if err != nil {
		return nil, err
	}
	return jobView{d, stepsOf(d.Job), chart.Bar("waited and worked",
		chart.Part{Class: "waited", Value: d.StartedAt.Sub(d.AcceptedAt).Seconds()},
		chart.Part{Class: "worked", Value: d.FinishedAt.Sub(d.StartedAt).Seconds()})}, nil
}

// stepsOf returns the states of a job in their order.
func stepsOf(j jobs.Job) []stepView {
	end := stepView{Name: "completed", At: j.FinishedAt, After: between(j.StartedAt, j.FinishedAt), Current: j.Status.Final()}
	if j.Status == jobs.Failed {
		end.Name, end.Failed = "failed", true
	}
	return []stepView{
		{Name: "scheduled", At: j.AcceptedAt, Current: j.Status == jobs.Scheduled},
		{Name: "in progress", At: j.StartedAt, After: between(j.AcceptedAt, j.StartedAt), Current: j.Status == jobs.InProgress},
		end,
	}
}

// jobID returns the id that the path names.
func jobID(x *exchange) (string, error) {
	id, _, ok := jobs.ParseID(x.r.PathValue("id"))
	if !ok {
		return "", errNothing
	}
	return id, nil
}

func (c *Console) job(x *exchange) error {
	id, err := jobID(x)
	if err != nil {
		return err
	}
	v, err := c.viewJob(x.r.Context(), x.account.ID, id)
	if err != nil {
		return err
	}
	return c.show(x, "job", "Job "+short(id), v)
}

func (c *Console) jobLive(x *exchange) error {
	id, err := jobID(x)
	if err != nil {
		return err
	}
	account := x.account.ID
	if _, err := c.Control.Show(x.r.Context(), account, id); err != nil {
		return err
	}
	return c.follow(x, "job", func(ctx context.Context) (any, error) { return c.viewJob(ctx, account, id) })
}

// cancelJob cancels a job that waits.
func (c *Console) cancelJob(x *exchange) error {
	id, err := jobID(x)
	if err != nil {
		return err
	}
	x.subject = "job " + id
	if _, err := c.Control.Cancel(x.r.Context(), x.account.ID, id); err != nil {
		return err
	}
	return x.see("jobcancelled", "jobs", id)
}

// retryJob sends a job that has failed again, as a new one, and shows that.
func (c *Console) retryJob(x *exchange) error {
	id, err := jobID(x)
	if err != nil {
		return err
	}
	x.subject = "job " + id
	again, err := c.Control.Retry(x.r.Context(), x.account.ID, id)
	if err != nil {
		return err
	}
	x.subject += ", again as " + again.JobID
	return x.see("retried", "jobs", again.JobID)
}
