package main

import (
	"context"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// No grace is no grace: what is under way is broken off, and the process ends
// at once.
func TestNoGrace(t *testing.T) {
	t.Parallel()

	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) { return hang(ctx) })
	hooks := newReceiver(t, func(int) int { time.Sleep(4500 * time.Millisecond); return http.StatusOK })
	w := startWorker(t, "EMBEDDED=memory", "ANALYZER_URL="+service.url, "SHUTDOWN_GRACE=0s")
	newClient(w).append("", "Never.", hooks.url)
	await(t, "the analyzer is asked", func() bool { return len(service.asked()) > 0 })
	time.Sleep(100 * time.Millisecond) // the receiver is as well
	begun := time.Now()
	w.signal(syscall.SIGTERM)
	if code := w.exit(waitLimit); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("the worker ended after %v, as if it had a grace", took)
	}
}

// A Redis that is silent does not keep a process from ending.
func TestStopWhileRedisIsSilent(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) { return hang(ctx) })
	w := startWorker(t, "REDIS_URL="+server.URL(), "ANALYZER_URL="+service.url, "SHUTDOWN_GRACE=1s", "CONCURRENCY=2")
	c := newClient(w)
	for range 4 {
		c.append("", "Never.", "")
	}
	await(t, "the analyzer is asked", func() bool { return len(service.asked()) > 1 })
	server.Stop()
	defer server.Cont()
	w.awaitNotReady("silent", "Redis does not answer.")
	begun := time.Now()
	w.signal(syscall.SIGTERM)
	if code := w.exit(waitLimit); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if took := time.Since(begun); took > 3500*time.Millisecond { // 2 s, on a machine that is busy
		t.Errorf("the worker ended after %v, want a second more than its grace of 1s", took)
	}
}

// For the delay after the signal a worker is not ready, but answers whoever
// comes, on new connections too. Then the port is closed.
func TestShutdownDelay(t *testing.T) {
	t.Parallel()

	const delay = 3 * time.Second
	w := startWorker(t, "EMBEDDED=memory", "SHUTDOWN_DELAY="+delay.String())
	c := newClient(w)
	w.awaitReady("the start")
	signalled := time.Now()
	w.signal(syscall.SIGTERM)
	await(t, "/readyz says so", func() bool {
		_, body, _ := w.opsAnswer("/readyz")
		return body == "The process is shutting down.\n"
	})
	served := 0
	for time.Since(signalled) < delay*2/3 {
		http.DefaultClient.CloseIdleConnections()
		a, err := c.send(t.Context(), http.MethodPost, "/v1/process/text", `{"messages":[{"payload":{"content":"One."}}]}`)
		if err != nil || a.status != http.StatusCreated {
			t.Fatalf("%v after the signal an append is answered %d, %v; want 201", time.Since(signalled), a.status, err)
		}
		served++
	}
	if code := w.exit(waitLimit); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if took := time.Since(signalled); took < delay {
		t.Errorf("the worker ended after %v, want %v to pass", took, delay)
	}
	if served == 0 {
		t.Error("nothing was served, so nothing was tested")
	}
}

func TestReachable(t *testing.T) {
	t.Parallel()

	tests := []struct{ listen, want string }{
		{listen: "127.0.0.1:8081", want: "127.0.0.1:8081"},
		{listen: "127.0.0.2:8081", want: "127.0.0.2:8081"},
		{listen: "[::1]:8081", want: "[::1]:8081"},
		{listen: "10.1.2.3:8081", want: "10.1.2.3:8081"},
		{listen: "worker.test:8081", want: "worker.test:8081"},
		{listen: "[fe80::1%eth0]:8081", want: "[fe80::1%eth0]:8081"},
		{listen: "0.0.0.0:8081", want: "127.0.0.1:8081"},
		{listen: "[::]:8081", want: "[::1]:8081 127.0.0.1:8081"},
		{listen: ":8081", want: "[::1]:8081 127.0.0.1:8081"},
		{listen: "127.0.0.1:0", want: "ops_listen (TURNWISE_OPS_LISTEN) is 127.0.0.1:0, so nobody knows the port that the worker chose; give it one"},
	}
	for _, tt := range tests {
		t.Run(tt.listen, func(t *testing.T) {
			t.Parallel()

			got, err := reachable(tt.listen)
			if err != nil {
				got = []string{err.Error()}
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("reachable(%q) = %s, want %s", tt.listen, text, tt.want)
			}
		})
	}
}

// The health check finds the worker wherever its settings put it, and does not
// take another one for it, nor a proxy.
func TestHealthcheckAsksTheAddressOfTheSettings(t *testing.T) {
	t.Parallel()

	for _, host := range []string{"127.0.0.2", "[::1]", "0.0.0.0", "[::]", "", "localhost"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()

			var config net.ListenConfig
			l, err := config.Listen(t.Context(), "tcp", host+":0")
			if err != nil {
				t.Skipf("this machine has no address %s: %v", host, err)
			}
			_, port, _ := net.SplitHostPort(l.Addr().String())
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			ops := "OPS_LISTEN=" + host + ":" + port
			w := startWorker(t, "EMBEDDED=memory", ops)
			check := launchWorker(t, t.TempDir(), []string{ops}, "--healthcheck")
			if code := check.exit(waitLimit); code != 0 {
				t.Errorf("exit code %d beside a worker, want 0: %s", code, check.log.String())
			}
			w.kill()
			check = launchWorker(t, t.TempDir(), []string{ops}, "--healthcheck")
			if code := check.exit(waitLimit); code != 1 || !strings.Contains(check.log.String(), "the worker does not answer at "+host+":"+port) {
				t.Errorf("exit code %d without a worker, want 1: %s", code, check.log.String())
			}
		})
	}
}
