package attack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// A row is one attack: what it needs, and what it does until its context ends. It
// returns an error if the worker did not let it: what is refused is no attack.
type row struct {
	name    string
	prepare func(ctx context.Context, a *attacker) error
	attack  func(ctx context.Context, a *attacker) error
}

// rows are all attacks. Those that leave much behind come last.
func rows() []row {
	return []row{
		{"texts of 32,768 lines", nil, manyLines},
		{"bodies of 1 MiB", nil, longBodies},
		{"1,000 inline trackers that match everywhere", nil, inlineTrackers},
		{"1,000 inline trackers in short appends", nil, shortWithTrackers},
		{"1,000 new speakers in each append", nil, manySpeakers},
		{"40 jobs of 769 kB in a conversation", nil, waitingBodies},
		{"jobs of 1,000 messages in 8 conversations", nil, manyMessages},
		{"a conversation with 3,001 waiting jobs is deleted", nil, deletions},
		{"webhooks refused with 4 KiB", nil, refusedHooks},
		{"500 trackers saved and asked for", saveTrackers, useTrackers},
		{"500,000 values of entities saved and looked for", saveEntities, useEntities},
		{"guesses at the token of an application", nil, guesses},
		{"10 readers of 100,000 messages", makeLong, readers},
		{"30 readers who take nothing", makeLong, silentReaders},
		{"topics asked for and hung up on", makeLong, hangUps},
		{"analytics and insights of a long conversation that grows", makeLong, digests},
		{"transcripts and entities of 100,000 messages", makeLong, transcripts},
		{"messages asked for again and again", makeLong, polls},
		{"lists by name and with filters, 100,000 conversations", makeMany, lists},
	}
}

// A message is one of a request.
type message struct {
	Payload struct {
		Content string `json:"content"`
	} `json:"payload"`
	From struct {
		Name   string `json:"name"`
		UserID string `json:"userId,omitempty"`
	} `json:"from"`
}

// A tracker is one that comes with a request, or is saved.
type tracker struct {
	Name       string   `json:"name"`
	Vocabulary []string `json:"vocabulary"`
}

// A submission is the body of an append.
type submission struct {
	Messages          []message `json:"messages"`
	Trackers          []tracker `json:"trackers,omitempty"`
	EnableAllTrackers bool      `json:"enableAllTrackers,omitempty"`
	DetectEntities    bool      `json:"detectEntities,omitempty"`
	WebhookURL        string    `json:"webhookUrl,omitempty"`
}

// says returns a message.
func says(text, name string) (m message) {
	m.Payload.Content, m.From.Name = text, name
	return m
}

// texts returns so many messages of a text.
func texts(n int, text string) []message {
	all := make([]message, n)
	for i := range all {
		all[i] = says(text, "Eve")
	}
	return all
}

// A receipt is the answer to a submission.
type receipt struct{ ConversationID, JobID string }

// submit submits to a conversation, or to a new one. The receipt is empty if the
// request was refused for now.
func (a *attacker) submit(ctx context.Context, conversation string, s submission) (r receipt, err error) {
	body, err := json.Marshal(s)
	if err != nil {
		return r, err
	}
	method, path := http.MethodPost, "/v1/process/text"
	if conversation != "" {
		method, path = http.MethodPut, path+"/"+conversation
	}
	status, text, err := a.send(ctx, method, path, body)
	switch {
	case err != nil || status == 0 || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return r, err
	case status != http.StatusCreated:
		return r, fmt.Errorf("a submission was answered %d %s", status, text)
	}
	return r, json.Unmarshal(text, &r)
}

// finish waits until a job has ended.
func (a *attacker) finish(ctx context.Context, r receipt) error {
	for r.JobID != "" {
		_, text, err := a.send(ctx, http.MethodGet, "/v1/job/"+r.JobID, nil)
		if err != nil {
			return err
		}
		if strings.Contains(string(text), `"completed"`) || strings.Contains(string(text), `"failed"`) {
			return nil
		}
		if err := process.Rest(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// work submits to a new conversation and waits until that is worked.
func (a *attacker) work(ctx context.Context, s submission) error {
	r, err := a.submit(ctx, "", s)
	if err != nil {
		return err
	}
	return a.finish(ctx, r)
}

// prose is so many bytes of text of which an analysis finds some things.
func prose(bytes int) string {
	const text = "We will send the supplier in Berlin the budget review on Monday. Can Anna check the invoice of $4,000 before Friday? "
	return strings.Repeat(text, bytes/len(text)+1)[:bytes]
}
