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
)

const stateFile = "worker.json"

// ErrNoWorker reports that the directory has no state of a worker.
var ErrNoWorker = errors.New("no worker has left its address here")

// A State is what programs of the same user need to call a running worker. Its
// secrets cannot be printed or logged.
type State struct {
	API           string `json:"api"` // address, as in http://127.0.0.1:8080
	Ops           string `json:"ops"`
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
	if err := MakeDir(dir); err != nil {
		return err
	}
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write the worker's state: %w", err)
	}
	if err := writeFile(filepath.Join(dir, stateFile), append(content, '\n')); err != nil {
		return fmt.Errorf("write the worker's state: %w", err)
	}
	return nil
}

// ReadState returns the state of the last worker, or [ErrNoWorker]. A worker that
// was killed does not remove its state, so the address may not answer.
func ReadState(dir string) (State, error) {
	if dir == "" {
		return State{}, fmt.Errorf("%w: %w", ErrNoWorker, errNoDir)
	}
	path := filepath.Join(dir, stateFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, fmt.Errorf("%s: %w", path, ErrNoWorker)
	}
	if err != nil {
		return State{}, fmt.Errorf("read the worker's state: %w", err)
	}
	var s State
	if err := json.Unmarshal(content, &s); err != nil {
		return State{}, fmt.Errorf("read the worker's state: %s: %w", path, err)
	}
	return s, nil
}

// RemoveState removes the state if this process has written it. That of another
// worker, which was started later, stays.
func RemoveState(dir string) error {
	s, err := ReadState(dir)
	if errors.Is(err, ErrNoWorker) || err == nil && s.PID != os.Getpid() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, stateFile)); err != nil {
		return fmt.Errorf("remove the worker's state: %w", err)
	}
	return nil
}
