package embedded

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v4"
)

const (
	stopGrace = 10 * time.Second // for the server to end by itself
	settled   = 10 * time.Second // a server that ran this long counts as healthy
)

// command is how to start the server.
type command struct {
	binary string
	args   []string
	lock   *os.File     // inherited by the server
	check  func() error // before it is started again, which it is not if that fails
}

// supervisor runs a command again and again until it is stopped. A command
// that ends before the server is up is not tried again.
type supervisor struct {
	command command
	log     *slog.Logger
	output  *output
	up      atomic.Bool
	failed  chan error // why the server never came up
	stop    func()     // ends the server and waits for its end
}

func supervise(c command, log *slog.Logger) *supervisor {
	ctx, cancel := context.WithCancel(context.Background())
	s := &supervisor{command: c, log: log, output: &output{log: log}, failed: make(chan error, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.run(ctx)
	}()
	s.stop = func() { cancel(); <-done }
	return s
}

// run starts the server whenever it is not running, after growing delays if it
// keeps dying. It holds on to its thread: the kernel is asked to end the server
// with the thread that started it, and threads other than this one may end
// before the process does.
func (s *supervisor) run(ctx context.Context) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	delays := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(20*time.Millisecond),
		backoff.WithMaxInterval(5*time.Second),
		backoff.WithMaxElapsedTime(0),
	)
	for {
		began := time.Now()
		err := s.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if !s.up.Load() {
			s.failed <- err
			return
		}
		if time.Since(began) > settled {
			delays.Reset()
		}
		delay := delays.NextBackOff()
		s.log.Error("embedded redis ended, will be started again",
			slog.Any("err", err), slog.Duration("delay", delay), slog.String("last_words", s.output.last()))
		if !sleep(ctx, delay) {
			return
		}
	}
}

// once runs the server until it ends. When ctx is done, it is asked to stop,
// and made to if it does not.
func (s *supervisor) once(ctx context.Context) error {
	if s.up.Load() { // it has run before
		if err := s.command.check(); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, s.command.binary, s.command.args...) //nolint:gosec // found on PATH by its name
	cmd.Stdout, cmd.Stderr = s.output, s.output
	cmd.ExtraFiles = []*os.File{s.command.lock}
	cmd.SysProcAttr = sysProcAttr()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopGrace
	if err := cmd.Run(); err != nil {
		return err
	}
	return errors.New("it ended by itself")
}

// sleep waits for d and reports true, or false as soon as ctx is done.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
