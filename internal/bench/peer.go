package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A peer is groupmq, a queue for Node that keeps an order per group, in a
// process of its own. It does as asked by lines, see peers/groupmq.mjs.
type peer struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// groupmq returns a workload that adds to groups, and then works them.
func groupmq(groups, each int) func(*bench, context.Context) (outcome, error) {
	return func(b *bench, ctx context.Context) (outcome, error) {
		f := batch{conversations: b.count(groups), each: each}
		p, err := b.startPeer(ctx, f)
		if err != nil {
			return outcome{}, err
		}
		defer p.end()
		var added, worked Sample
		bytes, err := b.taken(ctx, func() error {
			added, err = p.do(ctx, b.server, "add", f.jobs())
			return err
		})
		if err != nil {
			return outcome{}, err
		}
		if worked, err = p.do(ctx, b.server, "work", f.jobs()); err != nil {
			return outcome{}, err
		}
		name := fmt.Sprintf("groupmq, %s groups × %d", thousands(groups), each)
		own := float64(len(message(0)))
		return outcome{
			runs: []measured{{section: Submit, name: name, Sample: added}, {section: Drain, name: name, Sample: worked}},
			figures: []Figure{{
				Section: Memory, Name: "a job of " + name + " that waits, above its payload", Unit: "B",
				Value: bytes/float64(f.jobs()) - own,
			}},
		}, nil
	}
}

// startPeer starts groupmq, if it is installed.
func (b *bench) startPeer(ctx context.Context, f batch) (*peer, error) {
	script := filepath.Join(b.opts.Peers, "groupmq.mjs")
	if _, err := os.Stat(filepath.Join(b.opts.Peers, "node_modules", "groupmq")); errors.Is(err, fs.ErrNotExist) {
		return nil, skip("groupmq is not installed: npm ci --prefix " + b.opts.Peers)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, skip("node is not on PATH")
	}
	_, text, _ := strings.Cut(message(0), "0")
	task, err := json.Marshal(map[string]any{"redis": b.server.url, "groups": f.conversations, "each": f.each, "text": text})
	if err != nil {
		return nil, fmt.Errorf("write the task of groupmq: %w", err)
	}
	p := &peer{process: exec.CommandContext(ctx, node, script, string(task))} //nolint:gosec // a script of this repository
	p.process.Stderr = b.opts.Progress
	if p.in, err = p.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.process.Start(); err != nil {
		return nil, fmt.Errorf("start groupmq: %w", err)
	}
	return p, nil
}

// do has the peer do one thing with n jobs, and measures it.
func (p *peer) do(ctx context.Context, on *server, what string, n int) (Sample, error) {
	var did struct {
		Seconds, CPUMicros float64
		Violations         int
	}
	took, err := on.timed(ctx, n, func() error {
		if _, err := fmt.Fprintln(p.in, what); err != nil {
			return fmt.Errorf("ask groupmq to %s: %w", what, err)
		}
		line, err := p.out.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("wait for groupmq to %s: %w", what, err)
		}
		return json.Unmarshal(line, &did)
	})
	if err != nil {
		return took, err
	}
	took.Rate, took.Violations = float64(n)/did.Seconds, did.Violations
	took.OwnCPU = did.CPUMicros / float64(n)
	took.Allocations, took.RoundTrips = 0, 0 // not known of another process
	return took, nil
}

// end has the process end.
func (p *peer) end() {
	_ = p.in.Close()
	_ = p.process.Wait()
}

// thousands writes n with a comma.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
