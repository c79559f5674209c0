package embedded_test

import (
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/embedded"
)

// Other users of the machine cannot reach the Redis in memory: it has no port,
// and its socket is in a directory of this user alone, which goes with it.
func TestMemoryIsPrivate(t *testing.T) {
	t.Parallel()

	s := start(t, embedded.Options{Mode: embedded.Memory})
	if !strings.HasPrefix(s.URL(), "unix://") {
		t.Fatalf("URL() = %s, want that of a socket", s.URL())
	}
	dir := socketDir(s.URL())
	if info, err := os.Stat(dir); err != nil || info.Mode() != fs.ModeDir|0o700 {
		t.Errorf("the directory of the socket is %v, %v; want it to be this user's alone", info.Mode(), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the directory of the socket after Close: %v, want it gone", err)
	}
}

// A process that was killed leaves its socket behind. The next one removes it, and none on
// which another listens, or may be about to.
func TestMemoryRemovesStaleSockets(t *testing.T) {
	parent := t.TempDir()
	t.Setenv("TMPDIR", parent)
	old, young := time.Now().Add(-time.Hour), time.Now()
	tests := []struct {
		name     string // of the directory
		mode     fs.FileMode
		listened bool
		from     time.Time
		gone     bool
	}{
		{name: "turnwise-killed", mode: 0o700, from: old, gone: true},
		{name: "turnwise-runs", mode: 0o700, listened: true, from: old},
		{name: "turnwise-starts", mode: 0o700, from: young},
		{name: "turnwise-shared", mode: 0o755, from: old},
		{name: "another", mode: 0o700, from: old},
	}
	for _, tt := range tests {
		socket := filepath.Join(parent, tt.name, "redis.sock")
		if err := os.Mkdir(filepath.Dir(socket), tt.mode); err != nil {
			t.Fatal(err)
		}
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if !tt.listened {
			l.SetUnlinkOnClose(false)
			_ = l.Close()
		}
		if err := os.Chtimes(socket, tt.from, tt.from); err != nil {
			t.Fatal(err)
		}
	}
	start(t, embedded.Options{Mode: embedded.Memory})
	for _, tt := range tests {
		if _, err := os.Stat(filepath.Join(parent, tt.name)); os.IsNotExist(err) != tt.gone {
			t.Errorf("%s after a start: %v, gone should be %v", tt.name, err, tt.gone)
		}
	}
}

// What would end the process, and everything accepted with it, ends the
// connection on which it came.
func TestMemorySurvivesMalformedRequests(t *testing.T) {
	t.Parallel()

	s := start(t, embedded.Options{Mode: embedded.Memory})
	rdb := connect(t, s.URL())
	set(t, rdb, "key")
	for _, request := range []string{
		"*0\r\n", "*-1\r\n", "*1\r\n$9223372036854775807\r\n", "*1\r\n$-1\r\n", "*1\r\n$67108865\r\nPING",
		"*1048577\r\n", "*\r\n", "$4\r\nPING\r\n", "\r\n\r\n", "PING\r\n", "*1\r\n:1\r\n", "*00000000000000000000001\r\n",
		"*1\r\n$4\r\nPING\r\n*0\r\n", strings.Repeat("*", 1<<16),
	} {
		t.Run(request[:min(len(request), 24)], func(t *testing.T) {
			t.Parallel()

			conn, err := net.Dial("unix", strings.TrimPrefix(s.URL(), "unix://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			_, _ = io.WriteString(conn, request)
			if _, err := io.ReadAll(conn); os.IsTimeout(err) {
				t.Errorf("the connection is still open")
			}
			wantKept(t, rdb, "key")
		})
	}
}

// Requests arrive in pieces of any size, one after the other or at once.
func TestMemoryReadsRequestsInPieces(t *testing.T) {
	t.Parallel()

	s := start(t, embedded.Options{Mode: embedded.Memory})
	conn, err := net.Dial("unix", strings.TrimPrefix(s.URL(), "unix://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	requests := "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*2\r\n$4\r\nECHO\r\n$0\r\n\r\n"
	const want = "+OK\r\n$4\r\na\r\nb\r\n$0\r\n\r\n"
	for size := 1; size <= len(requests); size += 7 {
		for rest := requests; rest != ""; {
			n := min(size, len(rest))
			if _, err := io.WriteString(conn, rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		got := make([]byte, len(want))
		if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
			t.Fatalf("in pieces of %d bytes: got %q, %v; want %q", size, got, err, want)
		}
	}
}
