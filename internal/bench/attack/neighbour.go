package attack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// every is how often the neighbour posts: five times a second.
	every = 200 * time.Millisecond
	// patience is how long it waits for the last of its jobs.
	patience = 60 * time.Second
)

// A neighbour posts "Hi." and is told by webhook when that is completed.
type neighbour struct {
	api, token string
	client     *http.Client
	server     *http.Server
	hook       string

	mu   sync.Mutex
	told map[string]*story // by number of the post
	next int
}

// A story is what webhooks tell of one post.
type story struct {
	completed chan time.Time
	told      []string // of each event its status, when it happened and when it was told
}

func newNeighbour(ctx context.Context, api, token string) (*neighbour, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the neighbour's webhooks: %w", err)
	}
	n := &neighbour{
		api: api, token: token, hook: "http://" + l.Addr().String() + "/", told: map[string]*story{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: patience},
	}
	n.server = &http.Server{Handler: http.HandlerFunc(n.take)} //nolint:gosec // the worker alone calls it
	go func() { _ = n.server.Serve(l) }()                      // ends with close
	return n, nil
}

func (n *neighbour) close() {
	_ = n.server.Close()
	n.client.CloseIdleConnections()
}

// take takes a webhook: its path is the number of the post.
func (n *neighbour) take(_ http.ResponseWriter, r *http.Request) {
	var event struct {
		Status     string
		OccurredAt time.Time
	}
	at := time.Now()
	if json.NewDecoder(r.Body).Decode(&event) != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	story := n.told[strings.TrimPrefix(r.URL.Path, "/")]
	if story == nil {
		return // it comes again
	}
	story.told = append(story.told, fmt.Sprintf("%s %s, told %s", event.Status, clock(event.OccurredAt), clock(at)))
	if event.Status == "completed" {
		select {
		case story.completed <- at:
		default: // it comes again
		}
	}
}

// clock returns the seconds and milliseconds of a time.
func clock(at time.Time) string { return at.UTC().Format("05.000") }

// A post is what became of one "Hi.".
type post struct {
	accepted, completed time.Duration
	status              int
	err                 error
	story               string // when it was sent and accepted, and what webhooks told of it
}

// measure posts for so long, whatever becomes of it, and waits for all of it to be
// completed.
func (n *neighbour) measure(ctx context.Context, during time.Duration) (Sample, error) {
	var mu sync.Mutex
	var posts []post
	var all sync.WaitGroup
	tick := time.NewTicker(every)
	defer tick.Stop()
	for left := max(int(during/every), 1); left > 0; left-- {
		all.Go(func() {
			p := n.post(ctx)
			mu.Lock()
			defer mu.Unlock()
			posts = append(posts, p)
		})
		select {
		case <-tick.C:
		case <-ctx.Done():
			left = 0
		}
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return Sample{}, err
	}
	return summarize(posts), nil
}

// post posts once, to a new conversation.
func (n *neighbour) post(ctx context.Context) (p post) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	told := &story{completed: make(chan time.Time, 1)}
	n.mu.Lock()
	n.next++
	number := strconv.Itoa(n.next)
	n.told[number] = told
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.told, number)
		p.story = strings.Join(append([]string{p.story}, told.told...), "; ")
	}()
	body := fmt.Sprintf(`{"webhookUrl":%q,"messages":[{"payload":{"content":"Hi."},"from":{"name":"Ana","userId":"ana@example.com"}}]}`, n.hook+number)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.api+"/v1/process/text", strings.NewReader(body))
	if err != nil {
		return post{err: err}
	}
	r.Header.Set("Authorization", "Bearer "+n.token)
	r.Header.Set("Content-Type", "application/json")
	began := time.Now()
	resp, err := n.client.Do(r)
	if err != nil {
		return post{err: err, story: "sent " + clock(began)}
	}
	_, err = io.Copy(io.Discard, resp.Body)
	p = post{status: resp.StatusCode, accepted: time.Since(began), err: errors.Join(err, resp.Body.Close())}
	p.story = fmt.Sprintf("sent %s, answered %d %s", clock(began), p.status, clock(began.Add(p.accepted)))
	if p.err != nil || p.status != http.StatusCreated {
		return p
	}
	select {
	case at := <-told.completed:
		p.completed = at.Sub(began)
	case <-ctx.Done():
		p.err = fmt.Errorf("it was not told within %v that the job is completed", patience)
	}
	return p
}
