package costs

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// A stock is what there is before an address is called: one long conversation, many
// short ones whose webhooks are refused for good, and one of each of the rest.
type stock struct {
	hook   string // address of the webhooks
	server *http.Server

	mu    sync.Mutex
	names map[string]string // by what stands in braces
}

// resolve puts into a text what the names in braces stand for. In the nth call of a row
// {n} is n.
func (s *stock) resolve(text string, n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text = strings.ReplaceAll(text, "{n}", strconv.Itoa(n))
	for name, value := range s.names {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

func resolveAll(s *stock, texts []string) []string {
	all := make([]string, len(texts))
	for n, text := range texts {
		all[n] = s.resolve(text, 0)
	}
	return all
}

func (s *stock) close() { _ = s.server.Close() }

// receipt is the answer to an append.
type receipt struct{ ConversationID, JobID string }

// perAppend is how many messages an append of the long conversation has, and together
// how many make conversations at once.
const (
	perAppend = 1000
	together  = 32
)

// fill makes what there is.
func fill(ctx context.Context, c *caller, size int) (*stock, error) {
	s := &stock{names: map[string]string{"external": "external-1"}}
	if err := s.receive(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *caller, int) error{s.makeLong, s.makeMany, s.makeRest} {
		if err := step(ctx, c, size); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

// receive takes webhooks, and says of each that there is nobody.
func (s *stock) receive(ctx context.Context) error {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for webhooks: %w", err)
	}
	s.hook = "http://" + l.Addr().String() + "/"
	s.names["hook"] = s.hook
	s.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { //nolint:gosec // the worker alone calls it
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusGone)
	})}
	go func() { _ = s.server.Serve(l) }() // ends with close
	return nil
}

// makeLong makes the long conversation.
func (s *stock) makeLong(ctx context.Context, c *caller, size int) error {
	path, method := "/v1/process/text", http.MethodPost
	var last receipt
	for from := 0; from < size; from += perAppend {
		var body strings.Builder
		body.WriteString(`{"detectActionPhraseForMessages":true,"messages":[`)
		for n := from; n < min(from+perAppend, size); n++ {
			if n > from {
				body.WriteByte(',')
			}
			fmt.Fprintf(&body, `{"payload":{"content":"We will send supplier %d the budget review of the system on Monday. Is %d enough?"},"from":{"name":"Speaker %d"}}`, n, n, n%20)
		}
		body.WriteString("]}")
		if _, err := c.call(ctx, method, path, body.String(), nil, &last); err != nil {
			return err
		}
		path, method = "/v1/process/text/"+last.ConversationID, http.MethodPut
	}
	s.names["conversation"], s.names["job"] = last.ConversationID, last.JobID
	return c.finish(ctx, last.JobID)
}

// finish waits until a job is final.
func (c *caller) finish(ctx context.Context, job string) error {
	for {
		var state struct{ Status string }
		if _, err := c.call(ctx, http.MethodGet, "/v1/job/"+job, "", nil, &state); err != nil {
			return err
		}
		if state.Status == "completed" {
			return nil
		}
		if state.Status == "failed" {
			return fmt.Errorf("job %s failed", job)
		}
		if err := process.Rest(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// makeMany makes the short conversations.
func (s *stock) makeMany(ctx context.Context, c *caller, size int) error {
	body := fmt.Sprintf(`{"webhookUrl":%q,%s`, s.hook, hi[1:])
	numbers := make(chan int)
	failed := make(chan error, together)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	for range together {
		all.Go(func() {
			for range numbers {
				var last receipt
				if err := c.append(ctx, body, &last); err != nil {
					failed <- err
					cancel()
					return
				}
				s.mu.Lock()
				s.names["other"], s.names["hooked"] = last.ConversationID, last.JobID
				s.mu.Unlock()
			}
		})
	}
	for n := range size {
		select {
		case numbers <- n:
		case <-ctx.Done():
		}
	}
	close(numbers)
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return ctx.Err()
	}
}

// append makes a conversation. A worker that has too much to do is asked again, as its
// callers are told to.
func (c *caller) append(ctx context.Context, body string, last *receipt) error {
	for {
		a, err := c.call(ctx, http.MethodPost, "/v1/process/text", body, nil, last)
		if a.status != http.StatusServiceUnavailable {
			return err
		}
		if err := process.Rest(ctx, time.Second); err != nil {
			return err
		}
	}
}

// makeRest makes one of each of the rest.
func (s *stock) makeRest(ctx context.Context, c *caller, _ int) error {
	for name, r := range map[string]row{
		"tracker": post("/v1/manage/trackers", `{"name":"Tracker","vocabulary":["word"]}`),
		"group":   post("/v1/manage/groups", `{"name":"Group","criteria":"conversation.name!=nobody"}`),
		"entity":  post("/v1/manage/entities", `{"type":"Thing","subType":"part","category":"Custom","values":["gear"]}`),
		"":        post("/v2/conversations/import", `{"title":"Imported","externalId":"external-1","transcript":{"v1":{"final":[{"speaker":"Ann","sentence":"Hi."}]}}}`),
	} {
		var made map[string]any
		if _, err := c.call(ctx, r.method, r.path, r.body, nil, &made); err != nil {
			return err
		}
		if name != "" {
			s.names[name] = idIn(made)
		}
	}
	return nil
}

// idIn returns the first id in a document, or in one within it.
func idIn(made map[string]any) string {
	if id, ok := made["id"].(string); ok {
		return id
	}
	for _, inner := range made {
		if m, ok := inner.(map[string]any); ok && idIn(m) != "" {
			return idIn(m)
		}
	}
	return ""
}

// look notes the ids of what the worker has made of it.
func (s *stock) look(ctx context.Context, c *caller) error {
	var members struct{ Members []struct{ ID string } }
	if _, err := c.call(ctx, http.MethodGet, s.resolve("/v1/conversations/{conversation}/members", 0), "", nil, &members); err != nil {
		return err
	}
	var dead struct {
		Deliveries []struct{ ID, EndpointID string }
	}
	if _, err := c.call(ctx, http.MethodGet, "/v1/webhooks/deliveries?limit=1&state=dead", "", nil, &dead); err != nil {
		return err
	}
	if len(members.Members) == 0 || len(dead.Deliveries) == 0 {
		return fmt.Errorf("there are %d members and %d dead deliveries, want some", len(members.Members), len(dead.Deliveries))
	}
	s.names["member"] = members.Members[0].ID
	s.names["delivery"], s.names["endpoint"] = dead.Deliveries[0].ID, dead.Deliveries[0].EndpointID
	return nil
}

// lookAtTag notes the ETag of the messages.
func lookAtTag(ctx context.Context, c *caller, s *stock) error {
	a, err := c.call(ctx, http.MethodGet, s.resolve("/v1/conversations/{conversation}/messages", 0), "", nil, nil)
	s.names["tag"] = a.tag
	return err
}

// lookForResend notes the id of a resend.
func lookForResend(ctx context.Context, c *caller, s *stock) error {
	var all struct{ Resends []struct{ ID string } }
	if _, err := c.call(ctx, http.MethodGet, "/v1/webhooks/resends", "", nil, &all); err != nil {
		return err
	}
	if len(all.Resends) == 0 {
		return fmt.Errorf("there is no resend")
	}
	s.names["resend"] = all.Resends[0].ID
	return nil
}
