package operations

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/jobs"
)

// jobView is a job as it is listed.
type jobView struct {
	Account        string        `json:"account,omitempty"` // for operators alone
	ID             string        `json:"id"`
	ConversationID string        `json:"conversationId"`
	Sequence       int64         `json:"sequence"`
	Status         jobs.Status   `json:"status"`
	Since          string        `json:"since,omitempty"`
	Message        string        `json:"message,omitempty"`
	AcceptedAt     string        `json:"acceptedAt,omitempty"`
	StartedAt      string        `json:"startedAt,omitempty"`
	FinishedAt     string        `json:"finishedAt,omitempty"`
	CancelledAt    string        `json:"cancelledAt,omitempty"`
	WebhookURL     string        `json:"webhookUrl,omitempty"`
	WebhookEvents  []jobs.Status `json:"webhookEvents,omitempty"`
	Analyzers      []string      `json:"analyzers,omitempty"`
}

func viewOf(j jobs.Job) jobView {
	return jobView{
		ID: j.ID, ConversationID: j.ConversationID, Sequence: j.Sequence, Status: j.Status, Message: j.Message,
		AcceptedAt: edge.FormatTime(j.AcceptedAt), StartedAt: edge.FormatTime(j.StartedAt), FinishedAt: edge.FormatTime(j.FinishedAt),
		CancelledAt: edge.FormatTime(j.CancelledAt),
		WebhookURL:  j.WebhookURL, WebhookEvents: j.WebhookEvents, Analyzers: j.Analyzers,
	}
}

// listView is a page of jobs.
type listView struct {
	Jobs       []jobView             `json:"jobs"`
	NextCursor string                `json:"nextCursor,omitempty"`
	Accounts   []string              `json:"accounts,omitempty"` // that it is of, if it is of all
	Counts     map[jobs.Status]int64 `json:"counts,omitempty"`
}

// list serves GET /v1/jobs.
func (h *handlers) list(_ context.Context, x *edge.Exchange) (any, error) {
	q, counted, err := jobQuery(x.Request.URL)
	if err != nil {
		return nil, err
	}
	page, accounts, err := h.page(x, q)
	if errors.Is(err, jobs.ErrBadCursor) {
		return nil, input.Invalid("cursor", input.BadValue("must be the nextCursor of the page before, with the same parameters"))
	}
	if err != nil {
		return nil, err
	}
	view := listView{Jobs: make([]jobView, len(page.Jobs)), NextCursor: page.Cursor}
	if x.AllAccounts() {
		view.Accounts = accounts
	}
	for n, j := range page.Jobs {
		view.Jobs[n] = viewOf(j.Job)
		view.Jobs[n].Since = edge.FormatTime(j.Since)
		if x.Operator() {
			view.Jobs[n].Account = j.Account
		}
	}
	if !counted {
		return view, nil
	}
	counts, err := h.control.CountOf(x.Long(), accounts)
	if err != nil {
		return nil, err
	}
	view.Counts = map[jobs.Status]int64{}
	for _, s := range jobs.Statuses() {
		view.Counts[s] = counts[s]
	}
	return view, nil
}

// page returns a page of the jobs of the account, or of all accounts for an operator who
// names none, and whose they are.
func (h *handlers) page(x *edge.Exchange, q jobs.Query) (jobs.Page, []string, error) {
	if x.AllAccounts() {
		return h.control.ListAll(x.Long(), q)
	}
	page, err := h.control.List(x.Long(), x.Account.ID, q)
	return page, []string{x.Account.ID}, err
}

const (
	jobsUsual = 50
	jobsMost  = 200
	textMost  = 200 // bytes to look for
)

// listParams returns the names of the parameters of a list of jobs.
func listParams() []string {
	return []string{"status", "conversationId", "error", "from", "to", "order", "limit", "cursor", "counts"}
}

// jobQuery reads the parameters of a list of jobs, and whether they are to be counted.
func jobQuery(u *url.URL) (q jobs.Query, counted bool, err error) {
	params, err := input.Query(u)
	if err != nil {
		return q, false, err
	}
	order := ""
	texts := map[string]*string{
		"status": (*string)(&q.Status), "conversationId": &q.ConversationID, "error": &q.Message, "order": &order, "cursor": &q.Cursor,
	}
	for name, into := range texts {
		if *into, err = input.Param(params, name); err != nil {
			return q, false, err
		}
	}
	q.Oldest = order == "oldest"
	switch {
	case q.Status != "" && !slices.Contains(jobs.Statuses(), q.Status):
		return q, false, input.Invalid("status", input.BadValue("must be scheduled, in_progress, completed or failed"))
	case order != "" && order != "oldest" && order != "newest":
		return q, false, input.Invalid("order", input.BadValue("must be newest or oldest"))
	case q.Message != "" && q.Status != "" && q.Status != jobs.Failed:
		return q, false, input.Invalid("error", input.BadValue("is of failed jobs alone: status must be failed, or not be given"))
	case len(q.Message) > textMost:
		return q, false, input.Invalid("error", input.BadValue("must be at most 200 bytes long"))
	}
	if q.From, err = input.TimeParam(params, "from"); err != nil {
		return q, false, err
	}
	if q.To, err = input.TimeParam(params, "to"); err != nil {
		return q, false, err
	}
	flag, err := input.BoolParam(params, "counts")
	if err != nil {
		return q, false, err
	}
	q.Limit, err = input.IntParam(params, "limit", jobsUsual, jobsMost)
	q.Limit = max(q.Limit, 1)
	return q, flag != nil && *flag, err
}
