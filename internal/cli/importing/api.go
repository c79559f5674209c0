package importing

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/importer"
)

// The metadata of a conversation that say how much of a chat it has. They change
// with the messages, in one step.
const (
	metaFormat   = "importFormat"
	metaMessages = "importMessages"
	metaDigest   = "importDigest"
)

// errChanged reports that a chat is not what it was when a part of it was
// imported.
var errChanged = errors.New("the conversation has messages of this chat that are otherwise in the file: they were edited or deleted, or are read with other flags. Nothing was added; --as-new makes another conversation of it")

// api is the target that makes conversations.
//
// The first message of a chat makes the conversation, under an external id that
// belongs to one conversation for good. All others are appended. A conversation
// that is there already is asked how many messages of the chat it has.
type api struct {
	client *client.Client
	wait   bool // for the worker to store each portion
	warn   func(format string, args ...any)
	show   func(c *destination) error // is called for each conversation that is done

	pending []*destination // that are not known to be stored
	warned  bool
}

// A found conversation is what the API says about one.
type found struct {
	Attributes struct {
		UUID     string            `json:"uuid"`
		Status   string            `json:"importStatus"`
		Metadata map[string]string `json:"importMetadata"`
	} `json:"attributes"`
}

func (a *api) open(ctx context.Context, external, name string) (*destination, error) {
	c := &destination{external: external, name: name}
	there, err := a.settled(ctx, external, url.Values{"by": {"external_id"}})
	if errors.Is(err, client.ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	c.id, c.metadata, c.stored = numbered(there.Attributes.UUID), there.Attributes.Metadata, 1
	if n, err := strconv.Atoi(c.metadata[metaMessages]); err == nil && n > 0 {
		c.stored = n
		d, err := hex.DecodeString(c.metadata[metaDigest])
		c.known = err == nil && copy(c.digest[:], d) == len(c.digest)
	}
	return c, nil
}

// settled returns the conversation once nothing is on the way to it: what an
// import that was cut off had sent is a part of it then.
func (a *api) settled(ctx context.Context, id string, query url.Values) (*found, error) {
	begun := time.Now()
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		var there found
		answer, err := patiently(ctx, func() (*client.Response, error) {
			return a.client.Do(ctx, client.Request{Method: http.MethodGet, Path: []string{"v2", "conversations", id}, Query: query})
		})
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(answer.Body, &there); err != nil || there.Attributes.UUID == "" {
			return nil, errors.New("the answer is no conversation; is --api the address of Turnwise?")
		}
		// The words may be in capitals: that is a setting of the API.
		there.Attributes.Status = strings.ToLower(there.Attributes.Status)
		if there.Attributes.Status != "pending" {
			return &there, nil
		}
		if time.Since(begun) > 5*time.Second && !a.warned {
			a.warned = true
			a.warn("waiting for a worker to store what was sent")
		}
		if err := pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// patiently repeats what the API refuses because the account has enough under
// way: an import may take its time.
func patiently[A any](ctx context.Context, do func() (A, error)) (A, error) {
	for {
		answer, err := do()
		if !errors.Is(err, client.ErrLimit) {
			return answer, err
		}
		if err := pause(ctx, time.Second); err != nil {
			return answer, err
		}
	}
}

func (a *api) send(ctx context.Context, c *destination, p *portion, format importer.Format) error {
	if p.first == 0 {
		return a.create(ctx, c, p)
	}
	if c.id == "" {
		return errors.New("there is no conversation to append to")
	}
	metadata := map[string]string{}
	maps.Copy(metadata, c.metadata)
	metadata[metaFormat] = string(format)
	metadata[metaMessages] = strconv.Itoa(p.first + len(p.messages))
	metadata[metaDigest] = p.digest.String()
	receipt, err := patiently(ctx, func() (client.Receipt, error) {
		return a.client.AppendText(ctx, c.id, client.Append{Messages: p.messages, Metadata: metadata, IdempotencyKey: p.key})
	})
	if err == nil {
		c.id, c.added = receipt.ConversationID, c.added+len(p.messages)
	}
	if err != nil {
		return fmt.Errorf("append message %d and %d more: %w", p.first+1, len(p.messages)-1, err)
	}
	if !a.wait {
		return nil
	}
	if _, err := patiently(ctx, func() (client.Job, error) { return a.client.WaitJob(ctx, receipt.JobID) }); err != nil {
		return fmt.Errorf("store message %d and %d more: %w", p.first+1, len(p.messages)-1, err)
	}
	return nil
}

// create makes the conversation with the first message of the chat.
func (a *api) create(ctx context.Context, c *destination, p *portion) error {
	body, err := json.Marshal(creation(c, p.messages[0]))
	if err != nil {
		return fmt.Errorf("encode the first message: %w", err)
	}
	answer, err := patiently(ctx, func() (*client.Response, error) {
		return a.client.Do(ctx, client.Request{Method: http.MethodPost, Path: []string{"v2", "conversations", "import"}, Body: body, Repeatable: true})
	})
	if err != nil {
		return fmt.Errorf("make the conversation: %w", err)
	}
	var made struct {
		UUID string `json:"uuid"`
	}
	if err := json.Unmarshal(answer.Body, &made); err != nil || made.UUID == "" {
		return errors.New("the answer to the import names no conversation; is --api the address of Turnwise?")
	}
	c.id, c.added = numbered(made.UUID), 1
	if a.wait {
		a.pending = append(a.pending, c)
	}
	return nil
}

// numbered returns the id that other commands show, of a UUID.
func numbered(uuid string) string {
	if id, ok := conversation.ParseID(uuid); ok {
		return id
	}
	return uuid
}

// creation is the body of the request that makes a conversation.
func creation(c *destination, m client.NewMessage) map[string]any {
	line := map[string]any{"sentence": m.Content}
	if m.From != (client.Speaker{}) {
		line["speaker"] = map[string]string{"id": m.From.ID, "name": m.From.Name, "email": m.From.UserID}
	}
	body := map[string]any{
		"externalId": c.external,
		"title":      c.name,
		"transcript": map[string]any{"v1": map[string]any{"final": []any{line}}},
	}
	if !m.Start.IsZero() {
		body["startTime"] = m.Start
		line["startTimestamp"] = 0
		if long := m.End.Sub(m.Start).Seconds(); !m.End.IsZero() && long < 7*24*60*60 {
			line["endTimestamp"] = long
		}
	}
	return body
}

// mostPending is how many conversations are sent before it is looked whether the
// first of them is stored.
const mostPending = 64

func (a *api) done(ctx context.Context, c *destination) error {
	if err := a.show(c); err != nil {
		return err
	}
	if len(a.pending) < mostPending {
		return nil
	}
	return a.confirm(ctx)
}

// confirm waits until all conversations that were made are stored.
func (a *api) confirm(ctx context.Context) error {
	var failed error
	for _, c := range a.pending {
		there, err := a.settled(ctx, c.id, nil)
		if err == nil && there.Attributes.Status == "failed" {
			err = fmt.Errorf("the conversation %s was accepted, but its last text could not be stored: see \"enqueue conversation %s\"", c.id, c.id)
		}
		failed = errors.Join(failed, err)
	}
	a.pending = a.pending[:0]
	return failed
}
