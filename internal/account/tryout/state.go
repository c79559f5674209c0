package tryout

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"github.com/turnwise/turnwise/internal/private"
)

const stateFile = "worker.json"

var (
	// ErrNoWorker reports that the directory has no state of a worker.
	ErrNoWorker = errors.New("no worker has left its address here")
	// ErrEnded reports that the directory has the state of a worker that was
	// killed. Anybody may listen at its address by now.
	ErrEnded = errors.New("the worker that left its address here has ended")
)

// A State is what programs of the same user need to call a running worker. Its
// secrets cannot be printed or logged.
type State struct {
	API           string `json:"api"` // address, as in http://127.0.0.1:8080
	Ops           string `json:"ops"`
	Proof         string `json:"proof,omitempty"` // by which the worker proves that the address is its own, see [Answer]
	Token         string `json:"token,omitempty"`
	WebhookSecret string `json:"webhookSecret,omitempty"`
	AppID         string `json:"appId,omitempty"`
	AppSecret     string `json:"appSecret,omitempty"`
	RedisURL      string `json:"redisUrl,omitempty"`
	PID           int    `json:"pid"`
}

// String returns the addresses.
func (s State) String() string { return fmt.Sprintf("%s (ops %s, pid %d)", s.API, s.Ops, s.PID) }

// Format writes the addresses, whatever the verb.
func (s State) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue returns the addresses.
func (s State) LogValue() slog.Value { return slog.StringValue(s.String()) }

// WriteState writes the state of the worker to the directory, and replaces that
// of any other worker.
func WriteState(dir string, s State) error {
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write the worker's state: %w", err)
	}
	if dir == "" { // which would be the working directory
		return errNoDir
	}
	d, err := private.MakeDir(dir)
	if err != nil {
		return fmt.Errorf("write the worker's state: %w", err)
	}
	defer d.Close() //nolint:errcheck // its files are closed
	if err := d.Replace(stateFile, append(content, '\n')); err != nil {
		return fmt.Errorf("write the worker's state: %w", err)
	}
	return nil
}

// ReadState returns the state of the worker that runs, [ErrNoWorker], or
// [ErrEnded] if its process is gone. Whether what answers at its address is that
// worker is for a [Prover] to find out.
func ReadState(dir string) (State, error) {
	if dir == "" {
		return State{}, fmt.Errorf("%w: %w", ErrNoWorker, errNoDir)
	}
	d, err := private.OpenDir(dir)
	if err != nil {
		return State{}, noWorker(filepath.Join(dir, stateFile), err)
	}
	defer d.Close() //nolint:errcheck // its files are closed
	s, err := readState(d)
	if err == nil && gone(s.PID) {
		return State{}, fmt.Errorf("%s is of process %d: %w", filepath.Join(dir, stateFile), s.PID, ErrEnded)
	}
	return s, err
}

func readState(d *private.Dir) (State, error) {
	path := filepath.Join(d.Path(), stateFile)
	content, err := d.ReadFile(stateFile)
	if err != nil {
		return State{}, noWorker(path, err)
	}
	var s State
	if err := json.Unmarshal(content, &s); err != nil {
		return State{}, fmt.Errorf("read the worker's state: %s: %w", path, err)
	}
	return s, nil
}

// noWorker returns the error about a state that could not be read.
func noWorker(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", path, ErrNoWorker)
	}
	return fmt.Errorf("read the worker's state: %w", err)
}

// gone reports whether there certainly is no such process.
func gone(pid int) bool {
	if pid <= 0 {
		return true
	}
	p, err := os.FindProcess(pid)
	if err == nil {
		err = p.Signal(syscall.Signal(0))
	}
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}

// RemoveState removes the state if this process has written it. That of another
// worker, which was started later, stays.
func RemoveState(dir string) error {
	if dir == "" {
		return nil
	}
	d, err := private.OpenDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove the worker's state: %w", err)
	}
	defer d.Close() //nolint:errcheck // its files are closed
	s, err := readState(d)
	if errors.Is(err, ErrNoWorker) || err == nil && s.PID != os.Getpid() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.Remove(stateFile); err != nil {
		return fmt.Errorf("remove the worker's state: %w", err)
	}
	return nil
}
