package httpapi_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

// longestAnswer is within which every request is answered, whatever Redis does.
const longestAnswer = 2 * time.Second

// silentRedis is a link to a Redis that answers so many commands and then no more:
// those that come later end with their contexts, or with the timeout of the client.
type silentRedis struct {
	answered atomic.Int64 // commands that are answered still
	failed   atomic.Bool  // a command was not answered
}

func (s *silentRedis) failAfter(commands int) {
	s.failed.Store(false)
	s.answered.Store(int64(commands))
}

// fail returns what becomes of a command, nil if it is answered.
func (s *silentRedis) fail(ctx context.Context) error {
	if s.answered.Add(-1) >= 0 {
		return nil
	}
	s.failed.Store(true)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(longestAnswer):
		return os.ErrDeadlineExceeded
	}
}

// DialHook implements [redis.Hook].
func (*silentRedis) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook implements [redis.Hook].
func (s *silentRedis) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if err := s.fail(ctx); err != nil {
			cmd.SetErr(err)
			return err
		}
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements [redis.Hook].
func (s *silentRedis) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if err := s.fail(ctx); err != nil {
			for _, cmd := range cmds {
				cmd.SetErr(err)
			}
			return err
		}
		return next(ctx, cmds)
	}
}

// TestSilentStore has Redis fall silent before a request, and after each number
// of its commands, and checks for every route that it is answered in time, and
// that who got no answer of use may try again.
func TestSilentStore(t *testing.T) {
	t.Parallel()

	for _, pattern := range httpapitest.NewBackend().API(httpapi.Options{}).Patterns() {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()

			for commands, silenced := 0, true; silenced; commands++ {
				synctest.Test(t, func(t *testing.T) {
					silenced = silentAfter(t, pattern, commands)
				})
			}
		})
	}
}

// silentAfter sends a request of the pattern to a Redis that answers so many
// commands of it, and reports whether it wanted more.
func silentAfter(t *testing.T, pattern string, commands int) bool {
	t.Helper()
	api := httpapitest.NewService(t)
	link := &silentRedis{}
	link.failAfter(1 << 30)
	api.Redis.AddHook(link)
	r := exampleRequest(api, pattern)
	link.failAfter(commands)
	began := time.Now()
	got := httpapitest.Serve(api.API, r)
	took := time.Since(began)
	silenced := link.failed.Load()
	if took > longestAnswer {
		t.Errorf("silent after %d commands: answered %d after %v", commands, got.Code, took)
	}
	switch {
	case !silenced && got.Code/100 != 2 && !slices.Contains(refusedAnyway, pattern):
		t.Errorf("%s: answered %d %s, want a success", pattern, got.Code, got.Body)
	case silenced && got.Code >= 400 && got.Code != http.StatusServiceUnavailable:
		t.Errorf("silent after %d commands: answered %d %s, want 503", commands, got.Code, got.Body)
	case got.Code == http.StatusServiceUnavailable:
		wantUnavailable(t, got)
	}
	if commands == 0 && !silenced && !slices.Contains(storeless, pattern) {
		t.Error("the request wanted nothing of Redis")
	}
	link.failAfter(1 << 30)
	time.Sleep(time.Minute) // what goes on beside the request ends by itself
	return silenced
}

// refusedAnyway are routes of which the example is refused.
var refusedAnyway = []string{"PUT /v2/conversations/{id}/linked-crm-records", "POST " + httpapitest.RefreshPath, "DELETE " + httpapitest.RevokePath}

// storeless are routes that are refused before Redis is asked.
var storeless = []string{"POST " + httpapitest.RefreshPath, "DELETE " + httpapitest.RevokePath}

// example returns a request that does what the pattern is for, to things that
// there are.
func exampleRequest(service *httpapitest.Service, pattern string) *http.Request {
	service.T.Helper()
	method, target, _ := strings.Cut(pattern, " ")
	body := bodies()[pattern]
	anns := createObjects(service).anns
	wait(service, pattern, anns)
	for _, p := range parameters() {
		if strings.Contains(target, p.route) {
			target = strings.Replace(target, p.param, anns[p.object], 1)
			body = strings.ReplaceAll(body, p.param, anns[p.object])
		}
	}
	if strings.HasPrefix(pattern, "DELETE /v1/manage/") && !strings.Contains(pattern, "{") {
		target += "?subType=" + anns["subType"]
	}
	return httpapitest.Request(method, target, body)
}

// wait adds, for patterns about jobs that wait or have failed and about lanes in trouble,
// a job that waits, has failed or is held.
func wait(service *httpapitest.Service, pattern string, anns map[string]string) {
	service.T.Helper()
	lanes, retry := strings.Contains(pattern, "{laneId}"), strings.HasSuffix(pattern, "/jobs/{jobId}/retry")
	if !lanes && !retry && !strings.HasSuffix(pattern, "/cancel") {
		return
	}
	var receipt struct{ JobID string }
	mustDo(service, http.MethodPut, "/v1/process/text/"+anns["conversation"], `{"messages":[{"payload":{"content":"Hi."}}]}`, &receipt)
	anns["job"] = receipt.JobID
	if lanes || retry {
		service.Runner = jobs.NewRunner(service.Store, refusing{}, httpapitest.NoDoorbell{}, jobs.RunnerOptions{Hold: map[string]bool{"ann": lanes}})
		service.RunJobs()
	}
}

// refusing is an analyzer that says no for good.
type refusing struct{}

func (refusing) Analyze(context.Context, jobs.Task) (analysis.Result, error) {
	return analysis.Result{}, &jobs.PermanentError{Message: "The model said no"}
}

func wantUnavailable(t *testing.T, got *httptest.ResponseRecorder) {
	t.Helper()
	var body struct{ Message string }
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil || body.Message != httpapitest.Unavailable || got.Header().Get("Retry-After") != "1" {
		t.Errorf("answered %s with Retry-After %q, want the documented sentence and 1", got.Body, got.Header().Get("Retry-After"))
	}
}
