package webhooks

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/httpapi/deliveries"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// attempts serves GET /v1/job/{jobId}/attempts.
func (h *handlers) attempts(_ context.Context, x *edge.Exchange) (any, error) {
	id, _, ok := jobs.ParseID(x.Request.PathValue("jobId"))
	if !ok {
		return nil, edge.ErrNoJob
	}
	wanted, err := attemptFilter(x.Request.URL)
	if err != nil {
		return nil, err
	}
	all, err := h.Attempts.Attempts(x.Long(), x.Account.ID, id)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a webhook.Attempt) bool { return !wanted(a) })
	return struct {
		Attempts []deliveries.Attempt `json:"attempts"`
	}{deliveries.Attempts(all)}, nil
}

// attemptFilter reads which attempts are wanted: all, or those at the event of a status,
// with an outcome, or both.
func attemptFilter(u *url.URL) (wanted func(webhook.Attempt) bool, err error) {
	params, err := input.Query(u)
	if err != nil {
		return nil, err
	}
	var statuses []string
	for _, s := range jobs.Statuses() {
		statuses = append(statuses, string(s))
	}
	status, err := oneOf(params, "status", statuses)
	if err != nil {
		return nil, err
	}
	var outcomes []string
	for _, o := range webhook.AllOutcomes() {
		outcomes = append(outcomes, string(o))
	}
	outcome, err := oneOf(params, "outcome", outcomes)
	return func(a webhook.Attempt) bool {
		return (status == "" || a.Status == status) && (outcome == "" || string(a.Outcome) == outcome)
	}, err
}

// oneOf reads a parameter that is one of these words, or is not there.
func oneOf(params url.Values, name string, words []string) (string, error) {
	value, err := input.Param(params, name)
	if err == nil && value != "" && !slices.Contains(words, value) {
		err = input.Invalid(name, input.BadValue("must be one of "+strings.Join(words, ", ")))
	}
	return value, err
}
