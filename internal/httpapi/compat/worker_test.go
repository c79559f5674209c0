package compat

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
)

// waitLimit is how long a test waits for what should happen at once. It only
// passes in full when something is broken.
const waitLimit = 30 * time.Second

// The accounts of the worker. Each test has one of its own, so that none sees
// the conversations of another. The one with a limit may have one unfinished
// job.
const (
	readers   = "readers"
	listers   = "listers"
	browsers  = "browsers"
	appenders = "appenders"
	packages  = "packages"
	fielders  = "fielders"
	attendees = "attendees"
	callers   = "callers"
	deciders  = "deciders"
	limited   = "limited"
	gophers   = "gophers" // with strict types
	visitors  = "visitors"
)

// A worker is cmd/worker in a process of its own.
type worker struct {
	cmd      *exec.Cmd
	dir      string
	base     string    // address of its API
	analyzer *analyzer // nil if it has none
	log      logBuffer
	ended    chan struct{}
}

// served and alone start a worker for the first test that needs it: one with
// an external analyzer, and one that analyses all by itself.
var (
	served = sync.OnceValues(func() (*worker, error) { return startWorker(newAnalyzer()) })
	alone  = sync.OnceValues(func() (*worker, error) { return startWorker(nil) })
)

// started is how TestMain finds out which there are to stop.
var started struct {
	sync.Mutex
	workers []*worker
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, w := range started.workers {
		if code != 0 {
			fmt.Fprintf(os.Stderr, "what a worker said:\n%s", w.log.tail())
		}
		w.stop()
	}
	os.Exit(code)
}

func startWorker(a *analyzer) (*worker, error) {
	dir, err := os.MkdirTemp("", "turnwise-compat-")
	if err != nil {
		return nil, err
	}
	w := &worker{dir: dir, analyzer: a, ended: make(chan struct{})}
	started.Lock()
	started.workers = append(started.workers, w)
	started.Unlock()
	exe := filepath.Join(dir, "worker")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", exe, "github.com/turnwise/turnwise/cmd/worker")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the worker: %w\n%s", err, out)
	}
	if err := writeConfig(filepath.Join(dir, "turnwise.yaml")); err != nil {
		return nil, err
	}
	w.cmd = exec.Command(exe, "--config", filepath.Join(dir, "turnwise.yaml"))
	w.cmd.Env = append(os.Environ(),
		"TURNWISE_LISTEN=127.0.0.1:0", "TURNWISE_OPS_LISTEN=127.0.0.1:0", "TURNWISE_DATA_DIR="+dir,
		"TURNWISE_REDIS_URL=", "TURNWISE_EMBEDDED=memory", "TURNWISE_ANALYZER_URL="+a.address(),
		"TURNWISE_TOKEN_KEYS="+base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("key!"), 8)),
		"TURNWISE_WEBHOOK_SECRET=whsec_"+base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("secret!!"), 4)),
		"TURNWISE_WEBHOOK_ALLOW_CIDRS=127.0.0.0/8",
	)
	return w, w.run()
}

// writeConfig writes the accounts, as JSON, which is YAML too.
func writeConfig(path string) error {
	type entry struct {
		ID         string   `json:"id"`
		Tokens     []string `json:"token_hashes"`
		AppID      string   `json:"app_id"`
		AppSecrets []string `json:"app_secret_hashes"`
		Limit      int      `json:"max_concurrent_jobs,omitempty"`
		Strict     bool     `json:"strict_types,omitempty"`
		Status     string   `json:"import_status,omitempty"`
	}
	var config struct {
		Accounts []entry `json:"accounts"`
	}
	for _, id := range []string{
		readers, listers, browsers, appenders, packages, fielders, attendees, callers, deciders, limited, gophers, visitors,
	} {
		e := entry{
			ID: id, Tokens: []string{account.HashToken(tokenOf(id))},
			AppID: appIDOf(id), AppSecrets: []string{account.HashToken(appSecretOf(id))},
		}
		switch id {
		case limited:
			e.Limit = 1
		case gophers:
			e.Strict, e.Status = true, "FINISHED"
		}
		config.Accounts = append(config.Accounts, e)
	}
	data, err := json.Marshal(config)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

func tokenOf(account string) string     { return "tw_" + account + "_of_the_compatibility_tests" }
func appIDOf(account string) string     { return "app-" + account }
func appSecretOf(account string) string { return "secret_of_" + account }

// run returns once the worker has announced its addresses, and goes on reading
// what it prints.
func (w *worker) run() error {
	w.cmd.Stderr = &w.log
	stdout, err := w.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := w.cmd.Start(); err != nil {
		return err
	}
	announced := make(chan string, 1)
	go func() {
		defer close(w.ended)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " "); name == "API" {
				announced <- strings.TrimSpace(value)
			}
		}
		_ = w.cmd.Wait() // it is killed in the end
	}()
	select {
	case w.base = <-announced:
		return nil
	case <-w.ended:
		return errors.New("the worker ended before it was up:\n" + w.log.tail())
	case <-time.After(waitLimit):
		return errors.New("the worker did not come up:\n" + w.log.tail())
	}
}

func (w *worker) stop() {
	if w.cmd != nil && w.cmd.Process != nil {
		_ = w.cmd.Process.Kill() // it may have ended by itself
		<-w.ended
	}
	if w.analyzer != nil {
		w.analyzer.close()
	}
	_ = os.RemoveAll(w.dir)
}

// A logBuffer may be read while a process writes to it.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) tail() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := b.buf.String()
	return text[max(0, len(text)-8<<10):]
}

// await polls until the condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}
