package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

type receipt struct {
	ConversationID string `json:"conversationId"`
	JobID          string `json:"jobId"`
}

// submit serves POST and PUT /v1/process/text.
func (a *API) submit(ctx context.Context, x *exchange) (any, error) {
	job, err := x.parse()
	if err != nil {
		return nil, err
	}
	job.Check = func(ctx context.Context) error { return a.checkSaved(ctx, x.account.ID, job.Options.Trackers) }
	if x.r.Method == http.MethodPut {
		var ok bool
		if job.ConversationID, ok = conversation.ParseID(job.ConversationID); !ok {
			// A request with a mistake in it gets one answer whatever the id:
			// malformed, unknown, or somebody else's.
			return nil, cmp.Or(job.Check(ctx), error(errNoConversation))
		}
	}
	r, err := a.deps.Jobs.Submit(ctx, job)
	if err != nil {
		return nil, err
	}
	return receipt(r), nil
}

// parse reads the request as what package jobs accepts.
func (x *exchange) parse() (jobs.Append, error) {
	query, err := queryOf(x.r.URL)
	if err != nil {
		return jobs.Append{}, err
	}
	key, err := idempotencyKey(x.r.Header)
	if err != nil {
		return jobs.Append{}, err
	}
	s, err := decode[submission](x.body)
	if err != nil {
		return jobs.Append{}, err
	}
	if err := s.join(query); err != nil {
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
		Account:        x.account.ID,
		ConversationID: x.r.PathValue("conversationId"),
		WebhookURL:     s.WebhookURL,
		Options:        options,
		Utterances:     utterances,
		IdempotencyKey: key,
	}
	if key != "" {
		job.Fingerprint = fingerprint(x.r, query, x.body)
	}
	return job, nil
}

// join adds what may stand in the query as well. The body wins.
func (s *submission) join(query url.Values) error {
	fromQuery, err := boolParam(query, "enableSummary")
	if err != nil {
		return err
	}
	address, err := param(query, "webhookUrl")
	if err != nil {
		return err
	}
	s.EnableSummary = cmp.Or(s.EnableSummary, fromQuery)
	s.WebhookURL = cmp.Or(s.WebhookURL, address)
	if s.WebhookURL == "" {
		return nil
	}
	if err := webhook.CheckURL(s.WebhookURL); err != nil {
		return invalid("webhookUrl", err)
	}
	return nil
}
