package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A span as it arrived at the endpoint.
type span struct {
	trace, id, parent, name string
	pid                     int64
	failed                  bool
}

// A collector is an OTLP endpoint.
type collector struct {
	mu    sync.Mutex
	spans []span
}

// newCollector returns an endpoint to which the workers that are started from now
// on in this test send their spans, with a header that it wants.
func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var got tracepb.TracesData
		body, err := io.ReadAll(r.Body)
		if err != nil || proto.Unmarshal(body, &got) != nil || r.URL.Path != "/v1/traces" || r.Header.Get("X-Key") != "a b" {
			t.Errorf("%s %s with X-Key %q is no export of traces: %v", r.Method, r.URL, r.Header.Get("X-Key"), err)
		}
		c.take(&got)
	}))
	t.Cleanup(srv.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", srv.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b")
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "20")
	return c
}

func (c *collector) take(got *tracepb.TracesData) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range got.GetResourceSpans() {
		var pid int64
		for _, a := range of.GetResource().GetAttributes() {
			if a.GetKey() == "process.pid" {
				pid = a.GetValue().GetIntValue()
			}
		}
		for _, scope := range of.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				c.spans = append(c.spans, span{
					trace: hex.EncodeToString(s.GetTraceId()), id: hex.EncodeToString(s.GetSpanId()), parent: hex.EncodeToString(s.GetParentSpanId()),
					name: s.GetName(), pid: pid, failed: s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR,
				})
			}
		}
	}
}

// of returns the spans of a trace by name.
func (c *collector) of(trace string) map[string]span {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]span{}
	for _, s := range c.spans {
		if s.trace == trace {
			found[s.name] = s
		}
	}
	return found
}

// A request, its job and the attempts to deliver its events are one trace, though
// they happen in two processes, and the receiver is told of it.
//
//nolint:paralleltest // OpenTelemetry is set up by the environment
func TestTraceAcrossProcesses(t *testing.T) {
	spans := newCollector(t)
	var mu sync.Mutex
	told := map[string]string{} // traceparent by job and status
	refused := false
	hooks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if !refused && r.Header.Get("Traceparent") != "" { // the first attempt that is traced
			refused = true
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		text := string(body)
		told[text[strings.Index(text, `"jobId":"`)+9:][:36]+" "+text[strings.Index(text, `"status":"`)+10:][:9]] = r.Header.Get("Traceparent")
	}))
	defer hooks.Close()
	settings := []string{"REDIS_URL=" + redistest.Server(t).URL(), "WEBHOOK_BACKOFF_INITIAL=20ms"}
	c := newClient(startWorker(t, append(settings, "ROLES=api,worker")...))
	startWorker(t, append(settings, "ROLES=dispatcher")...)

	const callers, sampled = "00f067aa0ba902b7", "4bf92f3577b34da6a3ce929d0e0e4736"
	traced := c.appendIn("00-"+sampled+"-"+callers+"-01", hooks.URL)
	silent := c.appendIn("00-a3ce929d0e0e47364bf92f3577b34da6-"+callers+"-00", hooks.URL)
	heard := func(job string) (found []string) {
		mu.Lock()
		defer mu.Unlock()
		for key, traceparent := range told {
			if strings.HasPrefix(key, job) {
				found = append(found, traceparent)
			}
		}
		return found
	}
	await(t, "all events arrive", func() bool { return len(heard(traced.JobID)) == 3 && len(heard(silent.JobID)) == 3 })
	want := []string{"POST /v1/process/text", "job", "webhook completed", "webhook in_progress", "webhook scheduled"}
	await(t, "all spans arrive", func() bool { return len(spans.of(sampled)) == len(want) })

	got := spans.of(sampled)
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Fatalf("the trace has %v, want %v", names, want)
	}
	request := got[want[0]]
	if request.parent != callers {
		t.Errorf("the request has the parent %s, want the caller's %s", request.parent, callers)
	}
	for _, name := range want[1:] {
		if s := got[name]; s.parent != request.id || strings.HasPrefix(name, "webhook") == (s.pid == request.pid) {
			t.Errorf("%s has the parent %s in process %d; the request is %s in %d", name, s.parent, s.pid, request.id, request.pid)
		}
	}
	for _, traceparent := range heard(traced.JobID) {
		known := slices.ContainsFunc(spans.all(), func(s span) bool {
			return strings.HasPrefix(s.name, "webhook") && traceparent == fmt.Sprintf("00-%s-%s-01", sampled, s.id)
		})
		if !known {
			t.Errorf("the receiver was told %q, want the span of the attempt", traceparent)
		}
	}
	if !slices.Equal(heard(silent.JobID), []string{"", "", ""}) {
		t.Errorf("a receiver was told %q of a trace that is not sampled", heard(silent.JobID))
	}
	if !slices.ContainsFunc(spans.all(), func(s span) bool { return s.failed }) {
		t.Error("no span failed, want that of the attempt that was refused")
	}
}

// appendIn is append as a part of a trace.
func (c *client) appendIn(traceparent, hook string) receipt {
	c.t.Helper()
	a, err := c.submit(c.t.Context(), "", body("Follow me.", hook), "Traceparent", traceparent)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := a.receipt()
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *collector) all() []span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.spans)
}

// Without an endpoint nothing is kept and nobody is told, whatever a caller sends.
func TestNoTraceWithoutEndpoint(t *testing.T) {
	t.Parallel()

	told := make(chan string, 3)
	hooks := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.Header.Get("Traceparent") }))
	defer hooks.Close()
	c := newClient(startWorker(t, "EMBEDDED=memory"))
	c.appendIn("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", hooks.URL)
	for range 3 {
		if got := <-told; got != "" {
			t.Errorf("the receiver was told %q", got)
		}
	}
}

// What cannot be meant is refused at the start.
//
//nolint:paralleltest // OpenTelemetry is set up by the environment
func TestTraceSettingsAreChecked(t *testing.T) {
	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT":    "collector:4318",
		"OTEL_EXPORTER_OTLP_PROTOCOL":    "grpc",
		"OTEL_EXPORTER_OTLP_HEADERS":     "key",
		"OTEL_EXPORTER_OTLP_TIMEOUT":     "soon",
		"OTEL_EXPORTER_OTLP_CERTIFICATE": "/none",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
			t.Setenv(name, value)
			w := launchWorker(t, t.TempDir(), []string{"EMBEDDED=memory"})
			if code := w.exit(waitLimit); code != 1 || !strings.Contains(w.log.String(), name) {
				t.Errorf("exit code %d, want 1 and a word about %s", code, name)
			}
		})
	}
}
