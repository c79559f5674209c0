package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/embedded"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

func start(t *testing.T, opts embedded.Options) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func connect(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	rdb, err := redisconn.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

func set(t *testing.T, rdb redis.UniversalClient, key string) {
	t.Helper()
	if err := rdb.Set(t.Context(), key, "kept", 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func wantKept(t *testing.T, rdb redis.UniversalClient, key string) {
	t.Helper()
	if got, err := rdb.Get(t.Context(), key).Result(); got != "kept" {
		t.Errorf("GET %s = %q, %v; want kept", key, got, err)
	}
}

// pid returns the process id of the server.
func pid(t *testing.T, rdb redis.UniversalClient) int {
	t.Helper()
	_, rest, _ := strings.Cut(rdb.Info(t.Context(), "server").Val(), "process_id:")
	n, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(rest, "\n", 2)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// kill ends the server at once and returns the process that it was.
func kill(t *testing.T, rdb redis.UniversalClient) int {
	t.Helper()
	killed := pid(t, rdb)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	return killed
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never happened that %s", what)
		}
	}
}

func TestRedisKeepsEverything(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	opts := embedded.Options{Dir: filepath.Join(t.TempDir(), "new dir?"), Mode: embedded.Redis}
	s := start(t, opts)
	rdb := connect(t, s.URL())
	set(t, rdb, "key")
	r, err := redisconn.Inspect(t.Context(), rdb)
	if err != nil || r.Durability() != redisconn.Disk || r.Refuse(false) != nil || len(r.Warnings()) != 0 {
		t.Errorf("Inspect = %+v, %v; want a Redis that keeps everything on disk", r, err)
	}
	for _, name := range []string{"lazyfree-lazy-expire", "lazyfree-lazy-user-del"} {
		if got := rdb.ConfigGet(t.Context(), name).Val()[name]; got != "yes" {
			t.Errorf("%s is %q, want what is large freed by another thread", name, got)
		}
	}
	if !strings.Contains(s.Describe(), "on disk before it is acknowledged") || !strings.Contains(s.Describe(), opts.Dir) {
		t.Errorf("Describe() = %q, want where the data is and what holds for it", s.Describe())
	}
	if info, err := os.Stat(filepath.Join(opts.Dir, "redis")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory of the data: %v, %v; want mode 700", info.Mode(), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if rdb.Ping(t.Context()).Err() == nil {
		t.Error("the server outlives Close")
	}
	wantKept(t, connect(t, start(t, opts).URL()), "key")
}

func TestRedisComesBackAfterKill(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	rdb := connect(t, start(t, embedded.Options{Dir: t.TempDir()}).URL())
	for _, key := range []string{"first", "second"} {
		set(t, rdb, key)
		killed := kill(t, rdb)
		eventually(t, "the server came back", func() bool { return rdb.Ping(t.Context()).Err() == nil })
		wantKept(t, rdb, key)
		if pid(t, rdb) == killed {
			t.Error("the server is the one that was killed")
		}
	}
}

func TestSecondWorkerIsRefused(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	opts := embedded.Options{Dir: t.TempDir()}
	rdb := connect(t, start(t, opts).URL())
	second, err := embedded.Start(t.Context(), opts)
	if err == nil {
		_ = second.Close()
		t.Fatal("two workers share a data directory")
	}
	for _, want := range []string{"process " + strconv.Itoa(os.Getpid()), "TURNWISE_DATA_DIR", opts.Dir} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, err)
		}
	}
	set(t, rdb, "key") // the first is none the worse for it
}

func TestLongDirectoryHasAShortSocket(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	s := start(t, embedded.Options{Dir: filepath.Join(t.TempDir(), strings.Repeat("long", 40))})
	set(t, connect(t, s.URL()), "key")
	socket := filepath.Dir(strings.TrimPrefix(s.URL(), "unix://"))
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory of the socket: %v, %v; want mode 700", info, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("directory of the socket after Close: %v, want it gone", err)
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()

	s := start(t, embedded.Options{Mode: embedded.Memory})
	rdb := connect(t, s.URL())
	if err := rdb.Set(t.Context(), "key", "value", 20*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the key expired", func() bool { return rdb.Exists(t.Context(), "key").Val() == 0 })
	if !strings.Contains(s.Describe(), "everything is lost when this process ends") {
		t.Errorf("Describe() = %q, want that nothing is kept", s.Describe())
	}
}

func TestWithoutABinary(t *testing.T) {
	t.Setenv("PATH", t.TempDir())

	_, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Mode: embedded.Redis})
	if err == nil || !strings.Contains(err.Error(), "neither redis-server nor valkey-server") || !strings.Contains(err.Error(), "TURNWISE_REDIS_URL") {
		t.Errorf("Start(redis): %v, want what is missing and what to do", err)
	}
	s := start(t, embedded.Options{Dir: t.TempDir(), Mode: embedded.Auto})
	if !strings.Contains(s.Describe(), "in memory, because neither redis-server nor valkey-server is on PATH") {
		t.Errorf("Describe() = %q, want why it is in memory", s.Describe())
	}
}

// fake puts a shell script in place of redis-server.
func fake(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "redis-server"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

func TestNoDirectoryIsNotTheWorkingDirectory(t *testing.T) {
	redistest.Binary(t)
	t.Chdir(t.TempDir())

	if _, err := embedded.Start(t.Context(), embedded.Options{}); err == nil || !strings.Contains(err.Error(), "TURNWISE_DATA_DIR") {
		t.Errorf("Start: %v, want what to do", err)
	}
	if left, err := os.ReadDir("."); len(left) != 0 {
		t.Errorf("the working directory has %v, %v; want nothing", left, err)
	}
}

func TestServerThatDoesNotComeUp(t *testing.T) {
	fake(t, "echo the disk is on fire; exit 3")

	dir := t.TempDir()
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "the disk is on fire") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("Start: %v, want the server's last words", err)
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	fake(t, "exec sleep 600")

	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := embedded.Start(ctx, embedded.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), context.DeadlineExceeded.Error()) {
		t.Errorf("Start: %v, want %v", err, context.DeadlineExceeded)
	}
	// The lock is free again, so the process is gone.
	fake(t, "exit 3")
	if _, err := embedded.Start(t.Context(), embedded.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("Start on the same directory: %v, want it to get past the lock", err)
	}
}
