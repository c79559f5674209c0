package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
)

// What takes part in a workload and is no part of what is measured runs in a
// process of its own, so that its processor time is not that of the bench.
const (
	roleReceiver = "receiver" // of webhooks
	roleNetwork  = "network:" // followed by the network and the address of a Redis
)

// Assist is what such a process does: it plays a role until in ends. Its first
// line of output is the address on loopback at which it listens.
func Assist(ctx context.Context, role string, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen on loopback: %w", err)
	}
	context.AfterFunc(ctx, func() { _ = l.Close() })
	go func() {
		_, _ = io.Copy(io.Discard, in) // ends with the bench, however that ends
		cancel()
	}()
	if _, err := fmt.Fprintln(out, l.Addr()); err != nil {
		return fmt.Errorf("say where the helper listens: %w", err)
	}
	target, isNetwork := strings.CutPrefix(role, roleNetwork)
	switch {
	case role == roleReceiver:
		server := &http.Server{Handler: newReceiver()} //nolint:gosec // the bench alone calls it
		err = server.Serve(l)
	case isNetwork:
		network, addr, _ := strings.Cut(target, ":")
		err = delaying{network: network, addr: addr, delay: oneWay}.serve(ctx, l)
	default:
		return fmt.Errorf("there is no role %q of a helper", role)
	}
	if errors.Is(err, net.ErrClosed) || ctx.Err() != nil {
		return nil
	}
	return err
}

// help starts a process that plays a role, and returns the address at which it
// listens and what ends it.
func (b *bench) help(ctx context.Context, role string) (addr string, end func(), err error) {
	if len(b.opts.Helper) == 0 {
		return "", nil, skip("it needs a helper process")
	}
	command := append(append([]string{}, b.opts.Helper...), role)
	process := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...) //nolint:gosec // this program
	in, err := process.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := process.Start(); err != nil {
		return "", nil, fmt.Errorf("start the helper for %s: %w", role, err)
	}
	end = func() {
		_ = in.Close() // ends it
		_ = process.Wait()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		end()
		return "", nil, fmt.Errorf("wait for the helper for %s: %w", role, err)
	}
	return strings.TrimSpace(line), end, nil
}
