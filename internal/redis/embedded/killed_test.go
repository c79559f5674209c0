//go:build linux

package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/embedded"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// workerDir, if set, makes the test binary a worker on this directory.
const workerDir = "TURNWISE_TEST_WORKER_DIR"

// TestMain runs as a worker that prints its URL and lives until it is killed,
// when a test below asks for one.
func TestMain(m *testing.M) {
	dir := os.Getenv(workerDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	s, err := embedded.Start(context.Background(), embedded.Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	select {}
}

// launch runs a worker in a process of its own and returns the URL that it
// prints.
func launch(t *testing.T, dir string) (worker *exec.Cmd, url string) {
	t.Helper()
	worker = exec.Command(os.Args[0])
	worker.Env = append(os.Environ(), workerDir+"="+dir)
	worker.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := worker.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = worker.Process.Kill() }) // usually it is dead by then
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "unix:") {
		t.Fatalf("the worker says %q, %v; want its URL", line, err)
	}
	return worker, strings.TrimSpace(line)
}

// Killed under load again and again, in the middle of writes and of rewrites,
// a worker starts each time, with all that was acknowledged.
func TestKilledWorkerHasLostNothing(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	const rounds, writers = 25, 8
	dir := t.TempDir()
	var acknowledged [writers]int
	for round := range rounds {
		worker, url := launch(t, dir)
		rdb := connect(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for rdb.Set(ctx, fmt.Sprint("key", w), acknowledged[w]+1, 0).Err() == nil {
					acknowledged[w]++
				}
			})
		}
		if round%2 == 1 {
			wg.Go(func() { _ = rdb.BgRewriteAOF(ctx).Err() })
		}
		time.Sleep(rand.N(250 * time.Millisecond))
		if err := worker.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = worker.Wait() // it was killed, which counts as an error
		cancel()
		wg.Wait()
	}
	rdb := connect(t, start(t, embedded.Options{Dir: dir}).URL())
	for w, want := range acknowledged {
		if got, err := rdb.Get(t.Context(), fmt.Sprint("key", w)).Int(); err != nil || got < want || want == 0 {
			t.Errorf("writer %d finds %d, %v; want %d, which was acknowledged", w, got, err, want)
		}
	}
}

// After a kill, too, it is noticed that something was taken away.
func TestLossAfterAKillIsNoticed(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	dir := t.TempDir()
	worker, url := launch(t, dir)
	fill(t, connect(t, url))
	time.Sleep(3 * time.Second) // thirty times as long as it takes to be written down
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = worker.Wait() // it was killed, which counts as an error
	damage(t, dir, "", incrFile, 20_000)
	if _, err := embedded.Start(t.Context(), embedded.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "holds less than") {
		t.Errorf("Start: %v, want what is missing", err)
	}
}

func TestKilledWorkerLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	dir := t.TempDir()
	worker, url := launch(t, dir)
	rdb := connect(t, url)
	server := pid(t, rdb)

	set(t, rdb, "key")

	// Ctrl-C goes to the whole group, and the worker may want to finish first.
	if group, err := syscall.Getpgid(server); err != nil || group == worker.Process.Pid {
		t.Errorf("group of the server = %d, %v; want another one than the worker's", group, err)
	}

	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = worker.Wait() // it was killed, which counts as an error
	eventually(t, "the server ended with its worker", func() bool { return syscall.Kill(server, 0) != nil })
	wantKept(t, connect(t, start(t, embedded.Options{Dir: dir}).URL()), "key")
}

func TestServerHoldsTheLock(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	dir := t.TempDir()
	server := pid(t, connect(t, start(t, embedded.Options{Dir: dir}).URL()))
	fds := fmt.Sprintf("/proc/%d/fd", server)
	open, err := os.ReadDir(fds)
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range open {
		if path, err := os.Readlink(filepath.Join(fds, fd.Name())); err == nil && path == filepath.Join(dir, "redis", "lock") {
			return
		}
	}
	t.Error("the server did not inherit the lock, so it would be free while the server lives on without us")
}

// orphan runs a server as a worker would have left it on a system where it
// does not end with its worker: it holds the lock, and the worker is gone.
func orphan(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	redis := filepath.Join(dir, "redis")
	if err := os.MkdirAll(redis, 0o700); err != nil {
		t.Fatal(err)
	}
	lock, err := os.OpenFile(filepath.Join(redis, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }() // from here on the server has it alone
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := lock.WriteString(strconv.Itoa(gone.Process.Pid)); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(redis, "redis.sock")
	cmd := exec.Command(redistest.Binary(t), "--port", "0", "--unixsocket", socket, "--dir", redis,
		"--pidfile", filepath.Join(redis, "redis.pid"), "--appendonly", "yes", "--appendfsync", "always")
	cmd.ExtraFiles = []*os.File{lock}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // unless a test has ended it
		_ = cmd.Wait()
	})
	rdb := connect(t, "unix://"+socket)
	eventually(t, "the server was up", func() bool { return rdb.Ping(t.Context()).Err() == nil })
	set(t, rdb, "key")
	return cmd
}

func TestServerLeftBehindIsReplaced(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	old := orphan(t, dir)
	rdb := connect(t, start(t, embedded.Options{Dir: dir}).URL())
	wantKept(t, rdb, "key")
	if pid(t, rdb) == old.Process.Pid {
		t.Error("the server is the one that was left behind, which nobody supervises")
	}
}

func TestServerLeftBehindThatHangsIsNotJoined(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	old := orphan(t, dir)
	if err := old.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	s, err := embedded.Start(ctx, embedded.Options{Dir: dir})
	if err == nil {
		_ = s.Close()
		t.Fatal("two servers share an append-only file")
	}
	if !strings.Contains(err.Error(), "process "+strconv.Itoa(old.Process.Pid)) {
		t.Errorf("the error does not name process %d: %v", old.Process.Pid, err)
	}
}
