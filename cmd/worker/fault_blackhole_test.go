package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A request of every kind that the API knows, as its own description has it.
type request struct{ name, method, path, body string }

// requests reads the description of the API and returns a request for each
// operation, with the example that it gives as the body, about the
// conversation, the job and whatever else the values name. Tokens are asked for
// with the given credentials.
func requests(t *testing.T, c *client, values map[string]string, credentials string) []request {
	t.Helper()
	var document map[string]any
	c.get("/openapi.json", &document)
	var all []request
	for path, operations := range document["paths"].(map[string]any) {
		for method, operation := range operations.(map[string]any) {
			operation, described := operation.(map[string]any)
			if !described || method == "parameters" {
				continue
			}
			r := request{method: strings.ToUpper(method), path: path}
			r.name = r.method + " " + path
			r.body = example(document, operation["requestBody"])
			for name, value := range values {
				r.path = strings.ReplaceAll(r.path, "{"+name+"}", value)
			}
			if r.method == http.MethodDelete && (r.path == "/v1/manage/entity" || r.path == "/v1/manage/entities") {
				r.path += "?subType=deal" // without which nothing is asked of Redis
			}
			if strings.Contains(r.path, "{") {
				t.Errorf("%s has a parameter that the test knows nothing of", r.name)
			}
			switch path {
			case "/oauth2/token:generate":
				r.body = credentials
			case "/oauth2/token:refresh", "/oauth2/token:revoke":
				continue // want a token that the first one made
			}
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b request) int { return strings.Compare(a.name, b.name) })
	return all
}

// example returns the first example of a request's body, "" if it has none.
func example(document map[string]any, body any) string {
	described, _ := body.(map[string]any)
	if ref, is := described["$ref"].(string); is {
		var at any = document
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			at = at.(map[string]any)[part]
		}
		return example(document, at)
	}
	content, _ := described["content"].(map[string]any)
	media, _ := content["application/json"].(map[string]any)
	value := media["example"]
	if examples, has := media["examples"].(map[string]any); has {
		first := slices.Sorted(maps.Keys(examples))[0]
		value = examples[first].(map[string]any)["value"]
	}
	if value == nil {
		return ""
	}
	b, _ := json.Marshal(value) // it came from JSON
	return string(b)
}

// Nothing that is sent to Redis is answered. Whatever is asked is answered
// within 2 s all the same, however many ask, metrics are to be had, and once
// Redis is back all goes on by itself.
//
//nolint:paralleltest // it measures times, and wants the machine for itself
func TestBlackHole(t *testing.T) {
	for _, clients := range []int{1, 300} {
		t.Run(fmt.Sprint(clients, " clients"), func(t *testing.T) { testBlackHole(t, clients) })
	}
}

func testBlackHole(t *testing.T, clients int) {
	t.Helper()
	server := redistest.Server(t)
	link := redistest.Link(t, server.Addr, 0)
	hooks := newReceiver(t, healthy)
	w := startWorker(t, "REDIS_URL="+link.URL(), "WEBHOOK_BACKOFF_INITIAL=200ms")
	c := newClient(w)
	c.http.Transport.(*http.Transport).MaxIdleConnsPerHost = 2 * clients
	l := newLedger()
	conversations := l.begin(c, 8, hooks.url)
	l.check(t, c, nil)
	state := noteOf(t, w.dir)
	credentials := fmt.Sprintf(`{"type":"application","appId":%q,"appSecret":%q}`, state.AppID, state.AppSecret)
	asked := requests(t, c, map[string]string{
		"id": conversations[0], "conversationId": conversations[0], "laneId": conversations[0], "jobId": l.entries(conversations[0])[0].JobID,
		"memberId": "9d6d34d9-5019-4694-9c9a-8be7bfcfdaab", "externalId": "deal-7",
		"deliveryId": l.entries(conversations[0])[0].JobID + "_1", "endpointId": "0123456789abcdef",
		"resendId": "9d6d34d9-5019-4694-9c9a-8be7bfcfdaab", "secretId": "9d6d34d9",
	}, credentials)
	for _, conversation := range conversations { // their work is under way when it begins
		l.must(c, conversation, "Last words.", hooks.url)
	}

	link.BlackHole()
	end := time.Now().Add(lasts(6*time.Second, time.Minute))
	scrapes, ready := newStopwatch(), newStopwatch()
	stop := during(t, 100*time.Millisecond, func() { scrapes.time("GET /metrics", func() int { return w.opsStatus("/metrics") }) })
	stopReady := during(t, 100*time.Millisecond, func() { ready.time("GET /readyz", func() int { return w.opsStatus("/readyz") }) })
	answers := askAll(t, c, clients, asked, end)
	stop()
	stopReady()
	link.Heal()
	healed := time.Now()
	await(t, "the worker is ready", func() bool { return w.opsStatus("/readyz") == http.StatusOK })
	for _, conversation := range conversations {
		if err := l.insist(t.Context(), c, conversation, "And on.", hooks.url); err != nil {
			t.Error(err)
		}
		hooks.checkLives(t, jobs.Completed, l.told(conversation)...)
	}
	t.Logf("healed after %v", time.Since(healed).Round(time.Millisecond))

	answers.report(t, 2*time.Second+slack())
	scrapes.report(t, time.Second+slack()/2)
	ready.report(t, 2*time.Second+slack())
	for name, codes := range answers.codes {
		if codes[http.StatusServiceUnavailable] == 0 || len(codes) > 1 {
			t.Errorf("%s was answered, by code: %v; want 503 each time", name, codes)
		}
	}
}

// askAll has clients ask one request after the other until the given time.
func askAll(t *testing.T, c *client, clients int, asked []request, end time.Time) *stopwatch {
	t.Helper()
	answers := newStopwatch()
	var wg sync.WaitGroup
	for n := range clients {
		wg.Go(func() {
			for i := n; time.Now().Before(end); i++ {
				r := asked[i%len(asked)]
				answers.time(r.name, func() int {
					a, err := c.send(t.Context(), r.method, r.path, r.body)
					if err != nil {
						t.Errorf("%s: %v", r.name, err)
					}
					return a.status
				})
				if clients > 1 {
					time.Sleep(300 * time.Millisecond)
				}
			}
		})
	}
	wg.Wait()
	return answers
}

// A stopwatch collects how long calls took and what they were answered.
type stopwatch struct {
	mu      sync.Mutex
	took    []time.Duration
	codes   map[string]map[int]int
	longest time.Duration
	which   string
}

func newStopwatch() *stopwatch { return &stopwatch{codes: map[string]map[int]int{}} }

func (s *stopwatch) time(name string, call func() (code int)) {
	start := time.Now()
	code := call()
	took := time.Since(start)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took = append(s.took, took)
	if s.codes[name] == nil {
		s.codes[name] = map[int]int{}
	}
	s.codes[name][code]++
	if took > s.longest {
		s.longest, s.which = took, name
	}
}

// report prints the times, and holds the longest against its bound.
func (s *stopwatch) report(t *testing.T, bound time.Duration) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Logf("%d calls: p50 %v, p99 %v, longest %v (%s)", len(s.took), quantile(s.took, 0.5).Round(time.Millisecond),
		quantile(s.took, 0.99).Round(time.Millisecond), s.longest.Round(time.Millisecond), s.which)
	if s.longest > bound {
		t.Errorf("%s took %v, want %v at most", s.which, s.longest.Round(time.Millisecond), bound)
	}
}
