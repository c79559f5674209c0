package samples

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// waitLimit is how long a test waits for what should happen at once.
const waitLimit = 60 * time.Second

// A receiver is a program of the documents in a process of its own.
type receiver struct {
	program

	t    *testing.T
	addr string
	cmd  *exec.Cmd
	said said
	gone chan struct{} // closed when the process has ended
}

// said is what a program printed.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer // not embedded: its ReadFrom would not lock
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// run starts a receiver at a port that is free, with the secret in its
// environment, or several, and waits until it takes connections.
func (p program) run(t *testing.T, secrets string) *receiver {
	t.Helper()
	text, port := p.text(t), freePort(t)
	if n := strings.Count(text, "9090"); n != 1 {
		t.Fatalf("%s names the port 9090 %d times, want once", p, n)
	}
	r := &receiver{program: p, t: t, addr: "127.0.0.1:" + port, gone: make(chan struct{})}
	r.cmd = p.command(t, strings.Replace(text, "9090", port, 1))
	r.cmd.Env = append(os.Environ(), "TURNWISE_WEBHOOK_SECRET="+secrets)
	r.cmd.Stdout, r.cmd.Stderr = &r.said, &r.said
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(r.gone)
		_ = r.cmd.Wait() // it never ends well: it is killed
	}()
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		<-r.gone
	})
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", r.addr)
		if err == nil {
			_ = conn.Close()
			return r
		}
		if time.Since(began) > waitLimit || r.ended() {
			t.Fatalf("%s takes no connections: %v\n%s", p, err, r.said.String())
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// command returns what runs the text.
func (p program) command(t *testing.T, text string) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	save := func(name string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	switch p.language {
	case "go":
		return exec.CommandContext(t.Context(), compiled(t, save("main.go")))
	case "js":
		return exec.CommandContext(t.Context(), need(t, "node"), save("receiver.mjs"))
	default:
		return exec.CommandContext(t.Context(), need(t, "python3"), save("receiver.py"))
	}
}

// compiled returns the program in a file of Go, built in this module.
func compiled(t *testing.T, path string) string {
	t.Helper()
	out := filepath.Join(filepath.Dir(path), "sample")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", out, path).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, said)
	}
	return out
}

// need returns the path of a program. Without it the test is skipped, or fails
// where everything has to be there.
func need(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatalf("%s is not installed", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return ""
}

func (r *receiver) ended() bool {
	select {
	case <-r.gone:
		return true
	default:
		return false
	}
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// memory returns the most that the process ever took, in MB; 0 where the
// system does not tell.
func (r *receiver) memory() int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	m := peak.FindSubmatch(status)
	if m == nil {
		return 0
	}
	kilobytes, err := strconv.Atoi(string(m[1]))
	if err != nil {
		r.t.Fatal(err)
	}
	return kilobytes >> 10
}

// TestClientSampleCompiles builds what README.md shows of package client.
func TestClientSampleCompiles(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "main.go")
	text := "package main\n\nimport (\n\t\"context\"\n\t\"fmt\"\n\n\t\"github.com/turnwise/turnwise/client\"\n)\n\n" +
		"func main() {\n\tctx, token := context.Background(), \"\"\n" + programs[0].text(t) + "\tfmt.Println(job, err)\n}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	compiled(t, path)
}
