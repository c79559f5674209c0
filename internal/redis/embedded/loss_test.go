package embedded_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/embedded"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

const (
	manifest = "redis/appendonlydir/appendonly.aof.manifest"
	baseFile = "redis/appendonlydir/appendonly.aof.2.base.rdb"
	incrFile = "redis/appendonlydir/appendonly.aof.2.incr.aof"
)

// fill writes a good deal before and after a rewrite of the append-only file.
func fill(t *testing.T, rdb redis.UniversalClient) {
	t.Helper()
	write := func(prefix string) {
		for i := range 300 {
			if err := rdb.Set(t.Context(), fmt.Sprint(prefix, i), strings.Repeat("x", 100), 0).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("before")
	rewrite(t, rdb)
	write("after")
}

func rewrite(t *testing.T, rdb redis.UniversalClient) {
	t.Helper()
	if err := rdb.BgRewriteAOF(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the rewrite was done", func() bool {
		info := rdb.Info(t.Context(), "persistence").Val()
		return strings.Contains(info, "aof_rewrite_in_progress:0") && strings.Contains(info, "aof_rewrite_scheduled:0")
	})
}

// contents returns the names and sizes of all files in the directory.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "lock" {
			return err
		}
		info, err := d.Info()
		fmt.Fprintln(&all, path, info.Size())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// A Redis that would start with less than it had is not started: it would take
// what is missing for what never was.
func TestLossIsNoticed(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	const all = 1 << 30
	tests := []struct {
		name   string
		remove string
		cut    string // a file that loses the last …
		bytes  int64
		want   string // part of the error
		hope   bool   // whether Redis can start with what is left
	}{
		{name: "cut by 20,000 bytes", cut: incrFile, bytes: 20_000, want: "appendonly.aof.2.incr.aof has ", hope: true},
		{name: "cut by a byte", cut: incrFile, bytes: 1, want: "appendonly.aof.2.incr.aof has ", hope: true},
		{name: "truncated to nothing", cut: incrFile, bytes: all, want: "appendonly.aof.2.incr.aof has 0 bytes, and had ", hope: true},
		{name: "base truncated to nothing", cut: baseFile, bytes: all, want: "appendonly.aof.2.base.rdb has 0 bytes", hope: true},
		{name: "base cut", cut: baseFile, bytes: 100, want: "appendonly.aof.2.base.rdb has "},
		{name: "without a manifest", remove: manifest, want: "no manifest", hope: true},
		{name: "manifest truncated", cut: manifest, bytes: all, want: "no manifest", hope: true},
		{name: "without a part", remove: incrFile, want: "appendonly.aof.2.incr.aof has 0 bytes"},
		{name: "emptied", remove: "redis/appendonlydir", want: "no append-only file", hope: true},
		{name: "all gone", remove: "redis", want: "no append-only file", hope: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			dir := t.TempDir()
			s := start(t, embedded.Options{Dir: dir})
			fill(t, connect(t, s.URL()))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			damage(t, dir, tt.remove, tt.cut, tt.bytes)
			left := contents(t, dir)

			for range 2 {
				_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir})
				if err == nil {
					t.Fatal("it started with less than it had")
				}
				for _, want := range []string{tt.want, "holds less than at 20", "TURNWISE_ALLOW_DATA_LOSS=true", dir} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("the error lacks %q: %v", want, err)
					}
				}
			}
			if now := contents(t, dir); now != left {
				t.Errorf("the files were\n%s and are\n%s", left, now)
			}
			if !tt.hope {
				return
			}
			var log bytes.Buffer
			s = start(t, embedded.Options{Dir: dir, AllowLoss: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
			if n := strings.Count(log.String(), "starts with less than it had"); n != 1 {
				t.Errorf("it was logged %d times, want once:\n%s", n, &log)
			}
			set(t, connect(t, s.URL()), "key")
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			wantKept(t, connect(t, start(t, embedded.Options{Dir: dir}).URL()), "key") // what was accepted is the new measure
		})
	}
}

func damage(t *testing.T, dir, remove, cut string, bytes int64) {
	t.Helper()
	if remove != "" {
		if err := os.RemoveAll(filepath.Join(dir, remove)); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(dir, cut)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, max(info.Size()-bytes, 0)); err != nil {
		t.Fatal(err)
	}
}

// Without a manifest, Redis would write over the files that it names.
func TestLostManifestCostsNothingMore(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	dir := t.TempDir()
	s := start(t, embedded.Options{Dir: dir})
	fill(t, connect(t, s.URL()))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, dir, manifest, "", 0)
	start(t, embedded.Options{Dir: dir, AllowLoss: true})
	aside, err := filepath.Glob(filepath.Join(dir, "redis", "appendonlydir.*", filepath.Base(incrFile)))
	if err != nil || len(aside) != 1 {
		t.Errorf("the parts are at %v, %v; want them set aside", aside, err)
	}
}

// A backup that was put back is less than there was, though it is complete.
func TestOlderFilesAreNoticed(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	dir, aof := t.TempDir(), filepath.Join("redis", "appendonlydir")
	s := start(t, embedded.Options{Dir: dir})
	set(t, connect(t, s.URL()), "key")
	backup := filepath.Join(t.TempDir(), "backup")
	if err := os.CopyFS(backup, os.DirFS(filepath.Join(dir, aof))); err != nil {
		t.Fatal(err)
	}
	fill(t, connect(t, s.URL()))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, dir, aof, "", 0)
	if err := os.CopyFS(filepath.Join(dir, aof), os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Start(t.Context(), embedded.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "is not a part of the append-only file any more") {
		t.Errorf("Start: %v, want that parts are missing", err)
	}
	wantKept(t, connect(t, start(t, embedded.Options{Dir: dir, AllowLoss: true}).URL()), "key")
}

// The data of before there was a record, and a record that was spoilt, are no
// reason to refuse.
func TestWithoutARecord(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	const record = "redis-files.json"
	dir := t.TempDir()
	s := start(t, embedded.Options{Dir: dir})
	set(t, connect(t, s.URL()), "key")
	for _, content := range []string{"", "{\"at\":", "removed"} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if content == "removed" {
			damage(t, dir, record, "", 0)
		} else if err := os.WriteFile(filepath.Join(dir, record), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s = start(t, embedded.Options{Dir: dir})
		wantKept(t, connect(t, s.URL()), "key")
	}
}

// Files that are taken away under a running Redis are told at once, and it is
// not started without them when it dies.
func TestLossUnderARunningServer(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	var log lines
	dir := t.TempDir()
	s := start(t, embedded.Options{Dir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))})
	rdb := connect(t, s.URL())
	fill(t, rdb)
	moved := filepath.Join(dir, "moved")
	if err := os.Rename(filepath.Join(dir, manifest), moved); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it was logged", func() bool { return strings.Contains(log.String(), "embedded redis lost files") })
	kill(t, rdb)
	eventually(t, "it was not started", func() bool { return strings.Contains(log.String(), "holds less than") })
	if rdb.Ping(t.Context()).Err() == nil {
		t.Error("Redis was started without its manifest")
	}
	if err := os.Rename(moved, filepath.Join(dir, manifest)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "Redis came back", func() bool { return rdb.Exists(t.Context(), "before0", "after299").Val() == 2 })
	eventually(t, "it was logged", func() bool { return strings.Contains(log.String(), "embedded redis has its files again") })
}

// lines is a log that may be read while it is written.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}
