package redistest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// errEnded reports a server that ended before it answered, for instance
// because somebody else took its port.
var errEnded = errors.New("redis-server ended at once")

// A Process is a redis-server of its own. Its methods fail the test when they
// cannot do what they say.
type Process struct {
	Addr string // host:port on loopback, kept over restarts
	Dir  string // its working directory, kept over restarts and removed with the test

	t    testing.TB
	args []string
	env  []string // what the process is told besides our own environment

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{} // closed when cmd has ended
}

// Server starts a redis-server that keeps nothing on disk and ends with the
// test. The arguments come last on its command line, so they win:
//
//	redistest.Server(t, "--appendonly", "yes")
func Server(t testing.TB, args ...string) *Process {
	t.Helper()
	p := prepare(t, args)
	p.run()
	return p
}

// prepare makes the directory of a process that is to run.
func prepare(t testing.TB, args []string) *Process {
	t.Helper()
	Binary(t)
	dir, err := os.MkdirTemp("", "rt") // not t.TempDir: its path may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	p := &Process{Dir: dir, t: t, args: args}
	t.Cleanup(func() {
		p.Kill()
		_ = os.RemoveAll(dir) // a leftover in the temporary directory is no failure
	})
	return p
}

// run starts the process for the first time, at an address that is free.
func (p *Process) run() {
	p.t.Helper()
	var err error
	for range 5 {
		p.Addr = freeAddr(p.t)
		if err = p.start(); err == nil {
			return
		}
		if !errors.Is(err, errEnded) {
			break
		}
	}
	p.t.Fatalf("start redis-server: %v", err)
}

// Client returns a new client, closed with the test.
func (p *Process) Client() redis.UniversalClient {
	p.t.Helper()
	return closed(p.t, redis.NewClient(options(p.Addr)))
}

// URL returns the address as a redis:// URL.
func (p *Process) URL() string { return "redis://" + p.Addr + "/0" }

// PID returns the id of the running process, or of the last one.
func (p *Process) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd.Process.Pid
}

// Kill ends the process at once (SIGKILL) and waits for its end. It may be
// called again.
func (p *Process) Kill() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return
	}
	select {
	case <-p.done:
		return
	default:
	}
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Errorf("kill redis-server: %v", err)
		return
	}
	<-p.done
}

// Stop pauses the process (SIGSTOP): connections stay open, nothing answers.
func (p *Process) Stop() { p.t.Helper(); p.signal(syscall.SIGSTOP) }

// Cont lets a paused process go on (SIGCONT).
func (p *Process) Cont() { p.t.Helper(); p.signal(syscall.SIGCONT) }

// Restart kills the process, if it runs, and starts it again at the same
// address, in the same directory and with the same arguments.
func (p *Process) Restart() {
	p.t.Helper()
	p.Kill()
	if err := p.start(); err != nil {
		p.t.Fatalf("restart redis-server: %v", err)
	}
}

func (p *Process) signal(s os.Signal) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatalf("send %v to redis-server: %v", s, err)
	}
}

// start runs the process and waits until it answers.
func (p *Process) start() error {
	conf := filepath.Join(p.Dir, "redis.conf") // Sentinel and Cluster insist on writing to theirs
	if err := os.WriteFile(conf, nil, 0o600); err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(p.Addr)
	if err != nil {
		return err
	}
	args := append([]string{
		conf, "--port", port, "--bind", "127.0.0.1", "--dir", p.Dir, "--logfile", "redis.log",
		"--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction",
	}, p.args...)
	cmd := exec.Command(Binary(p.t), args...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.SysProcAttr = sysProcAttr()
	done := make(chan struct{})
	if err := run(cmd, done); err != nil {
		return err
	}
	p.mu.Lock()
	p.cmd, p.done = cmd, done
	p.mu.Unlock()
	return p.wait(cmd.Process.Pid, done)
}

// run starts the command and closes done when it has ended. The goroutine
// keeps its thread, because the kernel ends the child of a thread that ends.
func run(cmd *exec.Cmd, done chan<- struct{}) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(done)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // it is killed, so it always ends with an error
		}
	}()
	return <-started
}

// wait returns once the process with the given id answers at the address; who
// answers matters, because another server may have taken the port.
func (p *Process) wait(pid int, done <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	rdb := redis.NewClient(options(p.Addr))
	defer func() { _ = rdb.Close() }() // it only served to ask
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if listens(p.Addr) {
			info := rdb.Info(ctx, "server").Val()
			ours := strings.Contains(info, fmt.Sprintf("process_id:%d\r\n", pid))
			if ours && rdb.Ping(ctx).Err() == nil { // and its data is loaded
				return nil
			}
		}
		select {
		case <-done:
			out, _ := os.ReadFile(filepath.Join(p.Dir, "redis.log")) // absent if it did not get that far
			return fmt.Errorf("%w; its log: %s", errEnded, out)
		case <-ctx.Done():
			return fmt.Errorf("redis-server does not answer at %s: %w", p.Addr, ctx.Err())
		case <-tick.C:
		}
	}
}

// listens reports whether anybody listens at the address. Asking before the
// client does spares its log a line per refused connection.
func listens(addr string) bool {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was sent
	return true
}

// Binary returns the path of redis-server or valkey-server. Without one it skips
// the test, or fails it in CI.
func Binary(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("neither redis-server nor valkey-server is on PATH, and CI must run this test")
	}
	t.Skip("neither redis-server nor valkey-server is on PATH")
	return ""
}

// freeAddr returns an address that nobody listened at a moment ago. Its port
// lies below those that systems hand out for outgoing connections, so that it
// is still free when a killed server comes back.
func freeAddr(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000))) //nolint:gosec // any port will do
		l, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return addr
	}
	t.Fatal("no free port on loopback")
	return ""
}
