package symbl

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

type receipt struct {
	ConversationID string `json:"conversationId"`
	JobID          string `json:"jobId"`
}

// submit serves POST and PUT /v1/process/text.
func (h *handlers) submit(ctx context.Context, x *edge.Exchange) (any, error) {
	job, err := h.parse(x)
	if err != nil {
		return nil, err
	}
	job.Check = func(ctx context.Context) error { return h.checkSaved(ctx, x.Account.ID, job.Options.Trackers) }
	if x.Request.Method == http.MethodPut {
		var ok bool
		if job.ConversationID, ok = conversation.ParseID(job.ConversationID); !ok {
			// A request with a mistake in it gets one answer whatever the id:
			// malformed, unknown, or somebody else's.
			return nil, cmp.Or(job.Check(ctx), error(edge.ErrNoConversation))
		}
	}
	r, err := h.Jobs.Submit(ctx, job)
	if err != nil {
		return nil, err
	}
	return receipt(r), nil
}

// parse reads the request as what package jobs accepts.
func (h *handlers) parse(x *edge.Exchange) (jobs.Append, error) {
	query, err := input.Query(x.Request.URL)
	if err != nil {
		return jobs.Append{}, err
	}
	key, err := edge.IdempotencyKey(x.Request.Header)
	if err != nil {
		return jobs.Append{}, err
	}
	s, err := input.Decode[submission](x.Body)
	if err != nil {
		return jobs.Append{}, err
	}
	if err := s.join(query); err != nil {
		return jobs.Append{}, err
	}
	if err := h.checkAddress(s.WebhookURL); err != nil {
		return jobs.Append{}, err
	}
	events, err := s.events(x.Account.WebhookEvents)
	if err != nil {
		return jobs.Append{}, err
	}
	utterances, err := s.utterances()
	if err != nil {
		return jobs.Append{}, err
	}
	options, err := s.options()
	if err != nil {
		return jobs.Append{}, err
	}
	job := jobs.Append{
		Account:        x.Account.ID,
		ConversationID: x.Request.PathValue("conversationId"),
		WebhookURL:     s.WebhookURL,
		WebhookEvents:  events,
		Options:        options,
		Utterances:     utterances,
		IdempotencyKey: key,
	}
	if key != "" {
		job.Fingerprint = edge.Fingerprint(x.Request, query, x.Body)
	}
	return job, nil
}

// join adds the parameters of the query that may be in the body as well. The body
// wins.
func (s *submission) join(query url.Values) error {
	fromQuery, err := input.BoolParam(query, "enableSummary")
	if err != nil {
		return err
	}
	address, err := input.Param(query, "webhookUrl")
	if err != nil {
		return err
	}
	s.EnableSummary.Value = cmp.Or(s.EnableSummary.Value, fromQuery)
	s.WebhookURL = cmp.Or(s.WebhookURL, address)
	return nil
}

// events returns of which changes the webhooks of a job tell; nil for all. The usual
// ones are those of its account.
func (s *submission) events(usual []string) ([]jobs.Status, error) {
	chosen, own := usual, s.WebhookEvents
	if own != nil && slices.Equal(own.List, []string{""}) {
		own = nil
	}
	switch {
	case s.WebhookURL == "" && own != nil:
		return nil, input.Invalid("webhookEvents", input.BadValue(`must come with a "webhookUrl"`))
	case s.WebhookURL == "":
		return nil, nil
	case own != nil:
		chosen = own.List
	case len(chosen) == 0:
		return nil, nil
	}
	events, err := jobs.ParseStatuses(chosen)
	if err != nil {
		return nil, input.Invalid("webhookEvents", input.BadValue(err.Error()))
	}
	return events, nil
}

// checkAddress checks where the webhooks of a job are to go.
func (h *handlers) checkAddress(raw string) error {
	if raw == "" {
		return nil
	}
	check := webhook.CheckURL
	if h.Addresses != nil {
		check = h.Addresses.CheckURL
	}
	if err := check(raw); err != nil {
		return input.Invalid("webhookUrl", err)
	}
	return nil
}
