package attack

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"sync/atomic"
	"time"
)

// What the attacker is told to do.
const (
	prepare = "prepare" // make what a row needs
	begin   = "begin"   // attack, until told to stop
	halt    = "stop"
)

// A target is whom to attack, and how hard: the first line that the attacker reads.
type target struct {
	API, Token string
	Scale      float64
}

// An order is a line that the attacker reads, and a reply one that it writes when it
// has done so.
type (
	order struct{ Do, Row string }
	reply struct {
		Error   string
		Answers map[string]int
	}
)

// An assistant is the process of the attacker.
type assistant struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// newAssistant starts the attacker.
func newAssistant(ctx context.Context, opts Options, t target) (*assistant, error) {
	a := &assistant{process: exec.CommandContext(context.WithoutCancel(ctx), opts.Attacker[0], opts.Attacker[1:]...)} //nolint:gosec // this program
	a.process.Stderr = opts.Progress
	var err error
	if a.in, err = a.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := a.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	a.out = bufio.NewReader(out)
	if err := a.process.Start(); err != nil {
		return nil, fmt.Errorf("start the attacker: %w", err)
	}
	if err := json.NewEncoder(a.in).Encode(t); err != nil {
		a.end()
		return nil, fmt.Errorf("tell the attacker whom to attack: %w", err)
	}
	return a, nil
}

// mostPreparing is how long the preparations of a row may take, or the end of it.
const mostPreparing = 5 * time.Minute

// tell has the attacker do something and waits until it has.
func (a *assistant) tell(ctx context.Context, do, row string) error {
	_, err := a.ask(ctx, order{do, row})
	return err
}

// stop has the attacker stop, and returns what it was answered.
func (a *assistant) stop(ctx context.Context, row string) (map[string]int, error) {
	r, err := a.ask(ctx, order{halt, row})
	return r.Answers, err
}

func (a *assistant) ask(ctx context.Context, o order) (r reply, err error) {
	ctx, cancel := context.WithTimeout(ctx, mostPreparing)
	defer cancel()
	var late atomic.Bool
	stop := context.AfterFunc(ctx, func() {
		late.Store(true)
		_ = a.process.Process.Kill() // ends the read below
	})
	defer stop()
	if err := json.NewEncoder(a.in).Encode(o); err != nil {
		return r, fmt.Errorf("tell the attacker to %s: %w", o.Do, err)
	}
	line, err := a.out.ReadBytes('\n')
	switch {
	case late.Load():
		return r, fmt.Errorf("wait for the attacker to %s: %w", o.Do, context.Cause(ctx))
	case err != nil:
		return r, fmt.Errorf("wait for the attacker to %s: %w", o.Do, err)
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("read what the attacker says: %w", err)
	}
	if r.Error != "" {
		return r, fmt.Errorf("have the attacker %s: %s", o.Do, r.Error)
	}
	return r, nil
}

// end ends the process.
func (a *assistant) end() {
	_ = a.in.Close()
	_ = a.process.Wait()
}
