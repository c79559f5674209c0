//go:build unix

package tryout_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/turnwise/turnwise/internal/account/tryout"
)

// What another user may have planted is neither believed nor followed: in the
// place of the directory, of the token or of the state.
func TestPlantedFilesAreRefused(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"", "token", "app-secret", "token-key", "webhook-secret", "worker.json"} {
		t.Run("in the place of "+name, func(t *testing.T) {
			t.Parallel()

			elsewhere := t.TempDir()
			for _, file := range []string{"token", "app-secret", "token-key", "webhook-secret", "worker.json"} {
				content := `{"api":"http://planted","token":"planted","pid":1}`
				if err := os.WriteFile(filepath.Join(elsewhere, file), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			dir := filepath.Join(t.TempDir(), "state")
			planted := filepath.Join(dir, name)
			if name == "" {
				planted = dir
			} else if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(elsewhere, name), planted); err != nil {
				t.Fatal(err)
			}
			if name != "worker.json" {
				_, err := tryout.Complete(dir, tryout.Credentials{})
				wantRefused(t, err, planted)
			}
			if name == "" || name == "worker.json" {
				_, err := tryout.ReadState(dir)
				wantRefused(t, err, planted)
				wantRefused(t, tryout.WriteState(dir, tryout.State{}), planted)
				wantRefused(t, tryout.RemoveState(dir), planted)
			}
		})
	}
}

func wantRefused(t *testing.T, err error, path string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), path+" is refused because it is a symbolic link") {
		t.Errorf("got %v, want that %s is refused", err, path)
	}
}

// The state of a worker that was killed is not believed.
func TestStateOfADeadWorker(t *testing.T) {
	t.Parallel()

	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range []int{dead.Process.Pid, 0, -1} {
		dir := t.TempDir()
		if err := tryout.WriteState(dir, tryout.State{API: "http://127.0.0.1:8080", Token: "tw_x", PID: pid}); err != nil {
			t.Fatal(err)
		}
		if s, err := tryout.ReadState(dir); !errors.Is(err, tryout.ErrEnded) || s != (tryout.State{}) {
			t.Errorf("ReadState of process %d = %v, %v; want %v", pid, s, err, tryout.ErrEnded)
		}
	}
}

// A connection is opened to the worker with the key, and to nobody else.
func TestProver(t *testing.T) {
	t.Parallel()

	key := tryout.NewProof()
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	worker := httptest.NewServer(tryout.Answer(key, hello))
	t.Cleanup(worker.Close)
	relay := func(w http.ResponseWriter, r *http.Request) { // asks the worker what it is asked itself
		resp, err := http.Get(worker.URL + r.URL.String())
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		_, _ = io.Copy(w, resp.Body)
	}
	silent := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for _, tt := range []struct {
		name    string
		key     string
		answers http.Handler
		proven  bool
	}{
		{"the worker", key, tryout.Answer(key, hello), true},
		{"another worker", key, tryout.Answer(tryout.NewProof(), hello), false},
		{"a worker without proofs", key, hello, false},
		{"one that asks the worker", key, http.HandlerFunc(relay), false},
		{"one that hangs up", key, http.HandlerFunc(silent), false},
		{"a state without a key", "", tryout.Answer("", hello), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var told atomic.Bool // the token
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "" {
					told.Store(true)
				}
				tt.answers.ServeHTTP(w, r)
			}))
			defer srv.Close()
			client := &http.Client{Transport: &http.Transport{DialContext: tryout.Prover{Key: tt.key}.DialContext}}
			defer client.CloseIdleConnections()
			for range 2 {
				req, _ := http.NewRequest(http.MethodGet, srv.URL, nil)
				req.Header.Set("Authorization", "Bearer token")
				resp, err := client.Do(req)
				if !tt.proven {
					if !errors.Is(err, tryout.ErrNotProven) || told.Load() {
						t.Errorf("got %v, the token was sent: %t; want %v and no token", err, told.Load(), tryout.ErrNotProven)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if body, _ := io.ReadAll(resp.Body); string(body) != "hello" {
					t.Errorf("the worker answered %q", body)
				}
				_ = resp.Body.Close()
			}
		})
	}
}

// One that listens and says nothing is given up with the context.
func TestProverGivesUp(t *testing.T) {
	t.Parallel()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := l.Accept()
		if err == nil {
			cancel()
			_, _ = io.Copy(io.Discard, conn)
		}
	}()
	if _, err := (tryout.Prover{Key: "key"}).DialContext(ctx, "tcp", l.Addr().String()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
