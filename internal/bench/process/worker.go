package process

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

// Slow is from when on the log of slow commands has a step of Redis, unless
// [Worker.LogSlow] says otherwise.
const Slow = 5 * time.Millisecond

// A Worker is a worker with its Redis.
type Worker struct {
	API    string // its address
	Redis  redis.UniversalClient
	Urgent bool // whether Redis has a higher priority than all others

	process *exec.Cmd
	log     *tail
	dir     string
}

// An Account is one that the worker has.
type Account struct {
	ID    string
	Token string
	App   string // id of its application, or "" if it has none
}

// Options say what is started.
type Options struct {
	Command  []string // line of the worker
	Accounts []Account
	Settings []string // other than the default ones, as environment variables
}

// Start starts a worker, and waits until it says where it listens.
func Start(ctx context.Context, opts Options) (w *Worker, err error) {
	w = &Worker{log: new(tail)}
	defer func() {
		if err != nil {
			w.Close()
		}
	}()
	if w.dir, err = os.MkdirTemp("", "tw-bench-"); err != nil {
		return w, fmt.Errorf("make a folder for the worker: %w", err)
	}
	file := filepath.Join(w.dir, "turnwise.yaml")
	if err := os.WriteFile(file, []byte(configure(opts.Accounts)), 0o600); err != nil {
		return w, fmt.Errorf("write the worker's configuration: %w", err)
	}
	if err := w.start(ctx, opts, file); err != nil {
		return w, err
	}
	if w.Redis, err = redisconn.Open("unix://" + filepath.Join(w.dir, "redis", "redis.sock")); err != nil {
		return w, fmt.Errorf("connect to the worker's Redis: %w", err)
	}
	if err := w.hurryRedis(ctx); err != nil {
		return w, err
	}
	return w, w.LogSlow(ctx, Slow)
}

// configure returns the configuration of a worker with those accounts.
func configure(accounts []Account) string {
	var config strings.Builder
	fmt.Fprintf(&config, "token_keys: %q\naccounts:\n", strings.Repeat("QUFB", 10)+"QUFBQQ==")
	for _, a := range accounts {
		fmt.Fprintf(&config, "  - id: %s\n    token_hashes: [%q]\n    webhook_secrets: [\"whsec_dGhlIHNlY3JldCBvZiB0aGUgYmVuY2gsIDMyIGJ5dGVzIQ==\"]\n", a.ID, account.HashToken(a.Token))
		if a.App != "" {
			fmt.Fprintf(&config, "    app_id: %s\n    app_secret_hashes: [%q]\n", a.App, account.HashToken(account.NewToken()))
		}
	}
	return config.String()
}

// start starts the process, of which the settings in the environment of this one are
// none of its business.
func (w *Worker) start(ctx context.Context, opts Options, config string) error {
	w.process = exec.CommandContext(context.WithoutCancel(ctx), opts.Command[0], opts.Command[1:]...) //nolint:gosec // the worker that the caller named
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TURNWISE_") {
			w.process.Env = append(w.process.Env, v)
		}
	}
	w.process.Env = append(w.process.Env, "TURNWISE_CONFIG="+config, "TURNWISE_DATA_DIR="+w.dir, "TURNWISE_EMBEDDED=redis",
		"TURNWISE_LISTEN=127.0.0.1:0", "TURNWISE_OPS_LISTEN=127.0.0.1:0", "TURNWISE_WEBHOOK_ALLOW_CIDRS=127.0.0.0/8")
	w.process.Env = append(w.process.Env, opts.Settings...)
	w.process.Stderr = w.log
	out, err := w.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := w.process.Start(); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if name == "API" {
			w.API = strings.TrimSpace(value)
		}
		if name == "Redis" { // comes last
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the worker
			return nil
		}
	}
	return fmt.Errorf("the worker did not come up:\n%s", w.log.text())
}

// hurryRedis gives Redis a higher priority, where that is permitted. The log of slow
// commands has the time by the clock: a Redis that waits for a processor, on a machine
// that others use as well, would log commands that cost nothing.
func (w *Worker) hurryRedis(ctx context.Context) error {
	info, err := w.Redis.Info(ctx, "server").Result()
	if err != nil {
		return fmt.Errorf("ask Redis for its process: %w", err)
	}
	for line := range strings.Lines(info) {
		if value, found := strings.CutPrefix(line, "process_id:"); found {
			pid, err := strconv.Atoi(strings.TrimSpace(value))
			w.Urgent = err == nil && ChangePriority(pid, moreUrgent) == nil
		}
	}
	return nil
}

// Close ends all of it.
func (w *Worker) Close() {
	if w.Redis != nil {
		_ = w.Redis.Close()
	}
	if w.process != nil && w.process.Process != nil {
		_ = w.process.Process.Signal(os.Interrupt)
		kill := time.AfterFunc(15*time.Second, func() { _ = w.process.Process.Kill() })
		_ = w.process.Wait()
		kill.Stop()
	}
	_ = os.RemoveAll(w.dir)
}

// A tail keeps the end of what is written to it.
type tail struct {
	mu  sync.Mutex
	end []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, p...)
	t.end = t.end[max(len(t.end)-4<<10, 0):]
	return len(p), nil
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.end)
}
