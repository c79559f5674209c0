//go:build linux

package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/redis/embedded"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// socketDir returns where the socket of a URL is.
func socketDir(url string) string { return filepath.Dir(strings.TrimPrefix(url, "unix://")) }

// longDir returns a directory whose path is too long for a socket in it.
func longDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), strings.Repeat("long", 40))
}

// A worker that is killed again and again uses one directory for its socket,
// and one that is stopped leaves none.
func TestKilledWorkerLeavesOneSocket(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	dir := longDir(t)
	used := map[string]bool{}
	for range 4 {
		worker, url := launch(t, dir)
		used[socketDir(url)] = true
		set(t, connect(t, url), "key")
		if err := worker.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = worker.Wait() // it was killed, which counts as an error
	}
	s := start(t, embedded.Options{Dir: dir})
	wantKept(t, connect(t, s.URL()), "key")
	used[socketDir(s.URL())] = true
	if len(used) != 1 {
		t.Errorf("the sockets were in %v, want one directory", used)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for short := range used {
		if _, err := os.Stat(short); !os.IsNotExist(err) {
			t.Errorf("%s after Close: %v, want it gone", short, err)
		}
	}
}

// What is found in the place of the directory is used only if it is a
// directory of this user alone.
func TestSocketKeepsOutOfOtherPlaces(t *testing.T) {
	t.Parallel()
	redistest.Binary(t)

	tests := []struct {
		name string
		mode os.FileMode // of what is in its place
	}{
		{"a directory that others may write to", os.ModeDir | 0o777},
		{"a link", os.ModeSymlink},
		{"a file", 0o600},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			dir := longDir(t)
			s := start(t, embedded.Options{Dir: dir})
			first := socketDir(s.URL())
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			elsewhere := t.TempDir()
			occupy(t, first, tt.mode, elsewhere)
			s = start(t, embedded.Options{Dir: dir})
			if second := socketDir(s.URL()); second == first {
				t.Errorf("the socket is at %s again", second)
			}
			set(t, connect(t, s.URL()), "key")
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Lstat(first); err != nil {
				t.Errorf("what was in its place: %v, want it left alone", err)
			}
			if left, _ := os.ReadDir(elsewhere); len(left) != 0 {
				t.Errorf("found %v behind the link, want nothing", left)
			}
		})
	}
}

// occupy puts something into the place of a directory.
func occupy(t *testing.T, path string, mode os.FileMode, elsewhere string) {
	t.Helper()
	var err error
	switch {
	case mode.IsDir():
		if err = os.Mkdir(path, 0o700); err == nil {
			err = os.Chmod(path, mode.Perm())
		}
	case mode&os.ModeSymlink != 0:
		err = os.Symlink(elsewhere, path)
	default:
		err = os.WriteFile(path, nil, mode)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(path) })
}
