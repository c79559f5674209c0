package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testToken  = "tw_test_token_16"
	testSecret = "whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVz"

	// waitLimit is how long a test waits for what should happen at once. It
	// only passes in full when something is broken.
	waitLimit = 30 * time.Second
)

// A workerProcess is the worker in a process of its own. It is killed with the
// test.
type workerProcess struct {
	t        testing.TB
	cmd      *exec.Cmd
	dir      string        // its data directory
	api, ops string        // its addresses, once announced
	up       chan struct{} // closed when it has announced itself, or has ended
	done     chan struct{} // closed when it has ended
	log      logBuffer
}

// startWorker runs a worker and returns once it has announced its addresses.
func startWorker(t testing.TB, settings ...string) *workerProcess {
	t.Helper()
	w := launchWorker(t, t.TempDir(), settings)
	select {
	case <-w.up:
	case <-time.After(waitLimit):
	}
	if w.ops == "" {
		t.Fatalf("the worker did not come up:\n%s", w.log.String())
	}
	return w
}

// launchWorker runs a worker on a data directory. Settings are variables less
// their prefix, as in "LEASE=1s"; later ones win.
func launchWorker(t testing.TB, dir string, settings []string, args ...string) *workerProcess {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := &workerProcess{t: t, cmd: exec.Command(exe, args...), dir: dir, up: make(chan struct{}), done: make(chan struct{})}
	w.cmd.Env = append(os.Environ(), asWorker+"=1")
	for _, s := range append([]string{
		"LISTEN=127.0.0.1:0", "OPS_LISTEN=127.0.0.1:0", "DATA_DIR=" + dir,
		"TOKEN=" + testToken, "WEBHOOK_SECRET=" + testSecret,
	}, settings...) {
		w.cmd.Env = append(w.cmd.Env, "TURNWISE_"+s)
	}
	w.cmd.Stderr = &w.log
	stdout, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.cmd.StdinPipe(); err != nil { // open as long as we live
		t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go w.follow(stdout)
	t.Cleanup(w.clean)
	return w
}

// follow reads what the worker prints, until it ends.
func (w *workerProcess) follow(stdout io.Reader) {
	defer close(w.done)
	announced := sync.OnceFunc(func() { close(w.up) })
	defer announced()
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		line := lines.Text()
		_, _ = w.log.Write([]byte(line + "\n"))
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch value = strings.TrimSpace(value); name {
		case "API":
			w.api = value
		case "ops":
			w.ops, _, _ = strings.Cut(value, "/metrics")
		case "Redis":
			announced()
		}
	}
	_ = w.cmd.Wait() // how it ended is in its ProcessState
}

func (w *workerProcess) clean() {
	w.kill()
	log := w.log.String()
	if strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic:") {
		w.t.Error("the worker broke a rule of the language, see its log")
	}
	if w.t.Failed() {
		w.t.Logf("the last words of worker %d:\n%s", w.cmd.Process.Pid, log[max(0, len(log)-8<<10):])
	}
}

// kill ends the worker at once (SIGKILL) and waits for its end.
func (w *workerProcess) kill() {
	w.t.Helper()
	if err := w.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		w.t.Errorf("kill the worker: %v", err)
	}
	<-w.done
}

func (w *workerProcess) signal(s os.Signal) {
	w.t.Helper()
	if err := w.cmd.Process.Signal(s); err != nil {
		w.t.Fatalf("send %v to the worker: %v", s, err)
	}
}

// exit returns the exit code of a worker that ends within the time, -1 if a
// signal ended it.
func (w *workerProcess) exit(within time.Duration) int {
	w.t.Helper()
	select {
	case <-w.done:
		return w.cmd.ProcessState.ExitCode()
	case <-time.After(within):
		w.t.Fatalf("the worker still runs after %v", within)
		return 0
	}
}

// opsStatus returns the status of an answer of the ops listener, 0 if there is
// none.
func (w *workerProcess) opsStatus(path string) int {
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.ops+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close() // only the status counts
	return resp.StatusCode
}

// metric returns the value of a series, named as in the text format.
func (w *workerProcess) metric(series string) float64 {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.ops+"/metrics", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if text, found := strings.CutPrefix(lines.Text(), series+" "); found {
			value, err := strconv.ParseFloat(text, 64)
			if err != nil {
				w.t.Fatal(err)
			}
			return value
		}
	}
	w.t.Fatalf("there is no series %s", series)
	return 0
}

// await polls until the condition holds. After a long fault that may take as
// long as the backlog of it does.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := lasts(waitLimit, 10*waitLimit)
	for deadline := time.Now().Add(limit); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain: %s", limit, what)
		}
	}
}

// A logBuffer is a buffer that may be read while a process writes to it.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
