package attack

import (
	"bufio"
	"context"
	"errors"
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

// The accounts, and the application of the attacker.
const (
	neighbourID = "neighbour"
	attackerID  = "attacker"
	appID       = "attacker-app"
)

// slow is from when on a step of Redis is reported.
const slow = 5 * time.Millisecond

// A scene is a worker with its Redis, and the two who call it.
type scene struct {
	worker    *exec.Cmd
	log       *tail
	dir       string
	api       string
	redis     redis.UniversalClient
	urgent    bool // whether Redis has a higher priority than all others
	neighbour *neighbour
	attacker  *assistant
}

// openScene starts a worker, and those who call it.
func openScene(ctx context.Context, opts Options) (s *scene, err error) {
	s = &scene{log: new(tail)}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "tw-attack-"); err != nil {
		return s, fmt.Errorf("make a folder for the worker: %w", err)
	}
	tokens := map[string]string{neighbourID: account.NewToken(), attackerID: account.NewToken()}
	if err := s.startWorker(ctx, opts.Worker, tokens); err != nil {
		return s, err
	}
	if s.redis, err = redisconn.Open("unix://" + filepath.Join(s.dir, "redis", "redis.sock")); err != nil {
		return s, fmt.Errorf("connect to the worker's Redis: %w", err)
	}
	if err := s.hurryRedis(ctx); err != nil {
		return s, err
	}
	for name, value := range map[string]string{
		"slowlog-log-slower-than": strconv.FormatInt(slow.Microseconds(), 10), "slowlog-max-len": "1000",
	} {
		if err := s.redis.ConfigSet(ctx, name, value).Err(); err != nil {
			return s, fmt.Errorf("have Redis log slow commands: %w", err)
		}
	}
	if s.neighbour, err = newNeighbour(ctx, s.api, tokens[neighbourID]); err != nil {
		return s, err
	}
	s.attacker, err = newAssistant(ctx, opts, target{API: s.api, Token: tokens[attackerID], Scale: opts.Scale})
	return s, err
}

// startWorker starts a worker with accounts and its own redis-server, and waits
// until it says where it listens.
func (s *scene) startWorker(ctx context.Context, command []string, tokens map[string]string) error {
	var config strings.Builder
	fmt.Fprintf(&config, "token_keys: %q\naccounts:\n", strings.Repeat("QUFB", 10)+"QUFBQQ==")
	for id, token := range tokens {
		fmt.Fprintf(&config, "  - id: %s\n    token_hashes: [%q]\n    webhook_secrets: [\"whsec_dGhlIHNlY3JldCBvZiB0aGUgYmVuY2gsIDMyIGJ5dGVzIQ==\"]\n", id, account.HashToken(token))
		if id == attackerID {
			fmt.Fprintf(&config, "    app_id: %s\n    app_secret_hashes: [%q]\n", appID, account.HashToken(account.NewToken()))
		}
	}
	file := filepath.Join(s.dir, "turnwise.yaml")
	if err := os.WriteFile(file, []byte(config.String()), 0o600); err != nil {
		return fmt.Errorf("write the worker's configuration: %w", err)
	}
	s.worker = exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...) //nolint:gosec // the worker that the caller named
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TURNWISE_") {
			s.worker.Env = append(s.worker.Env, v)
		}
	}
	s.worker.Env = append(s.worker.Env, "TURNWISE_CONFIG="+file, "TURNWISE_DATA_DIR="+s.dir, "TURNWISE_EMBEDDED=redis",
		"TURNWISE_LISTEN=127.0.0.1:0", "TURNWISE_OPS_LISTEN=127.0.0.1:0", "TURNWISE_WEBHOOK_ALLOW_CIDRS=127.0.0.0/8")
	s.worker.Stderr = s.log
	out, err := s.worker.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.worker.Start(); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if name == "API" {
			s.api = strings.TrimSpace(value)
		}
		if name == "Redis" { // comes last
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the worker
			return nil
		}
	}
	return fmt.Errorf("the worker did not come up:\n%s", s.log.text())
}

// hurryRedis gives Redis a higher priority, where that is permitted. The log of slow
// commands has the time by the clock: a Redis that waits for a processor, on a machine
// that others use as well, would log commands that cost nothing.
func (s *scene) hurryRedis(ctx context.Context) error {
	info, err := s.redis.Info(ctx, "server").Result()
	if err != nil {
		return fmt.Errorf("ask Redis for its process: %w", err)
	}
	for line := range strings.Lines(info) {
		if value, found := strings.CutPrefix(line, "process_id:"); found {
			pid, err := strconv.Atoi(strings.TrimSpace(value))
			s.urgent = err == nil && changePriority(pid, moreUrgent) == nil
		}
	}
	return nil
}

// The worker has settled when it uses less than a tenth of a processor, which is
// waited for for a while.
const (
	settleStep = 250 * time.Millisecond
	settleMost = 60 * time.Second
)

// settle waits until the worker has done what it was left to do.
func (s *scene) settle(ctx context.Context) error {
	used, err := s.used()
	for began := time.Now(); err == nil && time.Since(began) < settleMost; {
		if err := rest(ctx, settleStep); err != nil {
			return err
		}
		before := used
		if used, err = s.used(); used-before < settleStep/10 {
			break
		}
	}
	return err
}

// tick is what the system counts the time of a process in.
const tick = 10 * time.Millisecond

// used returns how much processor time the worker has used.
func (s *scene) used() (time.Duration, error) {
	stat, err := os.ReadFile(s.proc("stat"))
	if err != nil {
		return 0, fmt.Errorf("read the worker's processor time: %w; its last words:\n%s", err, s.log.text())
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // behind its name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("read the worker's processor time: %q", stat)
	}
	user, err := strconv.Atoi(fields[11])
	system, failed := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick, errors.Join(err, failed)
}

// watch begins to look for slow commands and at the peak of the memory anew.
func (s *scene) watch(ctx context.Context) error {
	if err := s.redis.Do(ctx, "SLOWLOG", "RESET").Err(); err != nil {
		return fmt.Errorf("empty the log of slow commands: %w", err)
	}
	_ = os.WriteFile(s.proc("clear_refs"), []byte("5"), 0) // where it is not permitted the peak is that of the worker's life
	return nil
}

// look notes which commands were slow, and the peak of the memory.
func (s *scene) look(ctx context.Context, r *Result) error {
	log, err := s.redis.SlowLogGet(ctx, -1).Result()
	if err != nil {
		return fmt.Errorf("read the log of slow commands: %w", err)
	}
	r.Slow = nil
	for _, entry := range log {
		r.Slow = append(r.Slow, Step{Millis: float64(entry.Duration.Microseconds()) / 1000, Command: fmt.Sprintf("%.160s", strings.Join(entry.Args, " "))})
	}
	peak, err := s.peak()
	r.PeakMB = max(r.PeakMB, peak)
	return err
}

func (s *scene) proc(name string) string {
	return filepath.Join("/proc", strconv.Itoa(s.worker.Process.Pid), name)
}

// peak returns the peak of the worker's memory, in MB.
func (s *scene) peak() (float64, error) {
	status, err := os.ReadFile(s.proc("status"))
	if err != nil {
		return 0, fmt.Errorf("read the worker's memory: %w; its last words:\n%s", err, s.log.text())
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kb, err := strconv.ParseFloat(strings.Fields(value)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("read the worker's memory: the system does not tell its peak")
}

// close ends all of it.
func (s *scene) close() {
	if s.attacker != nil {
		s.attacker.end()
	}
	if s.neighbour != nil {
		s.neighbour.close()
	}
	if s.redis != nil {
		_ = s.redis.Close()
	}
	if s.worker != nil && s.worker.Process != nil {
		_ = s.worker.Process.Signal(os.Interrupt)
		kill := time.AfterFunc(15*time.Second, func() { _ = s.worker.Process.Kill() })
		_ = s.worker.Wait()
		kill.Stop()
	}
	_ = os.RemoveAll(s.dir)
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
