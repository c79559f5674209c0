package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/connections"
	"github.com/turnwise/turnwise/internal/console"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/telemetry"
	"github.com/turnwise/turnwise/internal/telemetry/ops"
)

// A process is what runs: the work, and beside it the ops listener, which
// answers until the work has ended.
type process struct {
	settings settings.Settings
	log      *slog.Logger
	apiURL   string // empty without the role
	opsURL   string
	proof    string // by which enqueue knows this process, see tryout.Answer

	all  *errgroup.Group
	work *errgroup.Group
	ctx  context.Context //nolint:containedctx // of the work: it ends when all is to stop
	api  context.Context //nolint:containedctx // of the API: it ends a moment later
	last context.Context //nolint:containedctx // of the ops listener: it ends after the work
	end  func()          // ends api and last
}

func newProcess(ctx context.Context, s settings.Settings, log *slog.Logger) *process {
	p := &process{settings: s, log: log, proof: tryout.NewProof()}
	last, end := context.WithCancel(context.WithoutCancel(ctx))
	p.all, ctx = errgroup.WithContext(ctx)
	p.work, p.ctx = errgroup.WithContext(ctx)
	api, shut := lane.Grace(p.ctx, s.ShutdownDelay)
	p.api, p.last, p.end = api, last, func() { shut(); end() }
	return p
}

// shutdownWarning is how much longer than its grace a process may take to end.
const shutdownWarning = time.Second

// wait waits until the work and then everything else has ended. What has not
// ended by itself soon after the grace, because Redis is silent for instance,
// is left to end with the process, as by a kill, which loses nothing: then
// unfinished is true.
func (p *process) wait() (unfinished bool, err error) {
	p.all.Go(func() error {
		defer p.end()
		return p.work.Wait()
	})
	ended := make(chan error, 1)
	go func() { ended <- p.all.Wait() }()
	bound, cancel := lane.Grace(p.api, p.settings.ShutdownGrace+shutdownWarning)
	defer cancel()
	select {
	case err := <-ended:
		return false, err
	case <-bound.Done():
		p.log.LogAttrs(context.WithoutCancel(p.ctx), slog.LevelWarn, "work was broken off at the end of the grace")
		return true, nil
	}
}

// listen opens both listeners, so that a port in use is told at once, and
// serves on them.
func (p *process) listen(api *httpapi.API, pages *console.Console, opsHandler http.Handler) error {
	opsServer := newOpsServer(opsHandler, p.settings)
	var err error
	if p.opsURL, err = p.serveOn(p.all, p.last, p.settings.OpsListen, opsServer); err != nil {
		return fmt.Errorf("%w; set TURNWISE_OPS_LISTEN to another address", err)
	}
	if !p.settings.Has(settings.API) {
		return nil
	}
	apiServer := api.NewServer()
	if pages != nil {
		apiServer.Handler = withConsole(pages, apiServer.Handler)
		apiServer.RegisterOnShutdown(pages.Close)
	}
	if p.settings.TryOut() {
		apiServer.Handler = tryout.Answer(p.proof, apiServer.Handler)
	}
	if p.apiURL, err = p.serveOn(p.work, p.api, p.settings.Listen, apiServer); err != nil {
		err = fmt.Errorf("%w; set TURNWISE_LISTEN to another address", err)
	}
	return err
}

// newOpsServer returns a server for who runs the service. A profile may take
// two minutes.
func newOpsServer(handler http.Handler, s settings.Settings) *http.Server {
	names := s.OpsHosts
	if own, _, err := net.SplitHostPort(s.OpsListen); err == nil {
		names = append(slices.Clip(names), own)
	}
	server := &http.Server{
		Handler:           ops.CheckHost(handler, names),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	connections.Bound(server, connections.Options{Most: opsConnections})
	return server
}

// serveOn listens on an address and serves in the group until ctx ends.
func (p *process) serveOn(g *errgroup.Group, ctx context.Context, addr string, server *http.Server) (url string, err error) { //nolint:revive // the context is the group's
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", addr, err)
	}
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", addr, err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.settings.ShutdownGrace)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil { // the grace is over
			p.log.LogAttrs(ctx, slog.LevelWarn, "requests were broken off at the end of the grace", slog.String("listen", addr))
			return server.Close()
		}
		return nil
	})
	return "http://" + l.Addr().String(), nil
}

// ready returns what /readyz asks.
func (p *process) ready(c *condition) func(context.Context) (note string, err error) {
	return func(ctx context.Context) (string, error) {
		if p.ctx.Err() != nil {
			return "", ops.Stopping
		}
		return c.ready(ctx)
	}
}

// announce tells the person at the terminal, and enqueue, where everything is.
func (p *process) announce(out io.Writer, accounts *accounts, b *backend, pages *console.Console) error {
	defer p.open(out, pages, accounts)
	fmt.Fprintf(out, "turnwise %s\n", telemetry.Version())
	if p.apiURL != "" {
		fmt.Fprintf(out, "  API       %s\n", p.apiURL)
	}
	if p.apiURL != "" && p.settings.Console {
		fmt.Fprintf(out, "  console   %s%s\n", p.apiURL, console.Root)
	}
	fmt.Fprintf(out, "  ops       %s/metrics, /healthz, /readyz\n", p.opsURL)
	fmt.Fprintf(out, "  Redis     %s\n", b.words)
	if !p.settings.TryOut() {
		return nil
	}
	fmt.Fprintf(out, "  token     %s\n", accounts.made.Token)
	fmt.Fprintf(out, "  secret    %s (webhooks are signed with it)\n", accounts.made.WebhookSecret)
	fmt.Fprintf(out, "  app       id %s, secret %s (for POST /oauth2/token:generate)\n", accounts.made.AppID, accounts.made.AppSecret)
	fmt.Fprintln(out, "  try-out   no accounts are configured: only this machine can reach the API,")
	fmt.Fprintln(out, "            and webhooks may go to receivers on this machine")
	if p.apiURL == "" {
		return nil
	}
	return tryout.WriteState(p.settings.DataDir, tryout.State{
		API: p.apiURL, Ops: p.opsURL, Proof: p.proof, Token: accounts.made.Token, WebhookSecret: accounts.made.WebhookSecret,
		AppID: accounts.made.AppID, AppSecret: accounts.made.AppSecret, RedisURL: b.url, PID: os.Getpid(),
	})
}

// withdraw takes back what announce told enqueue.
func (p *process) withdraw() {
	if !p.settings.TryOut() || p.apiURL == "" {
		return
	}
	if err := tryout.RemoveState(p.settings.DataDir); err != nil {
		p.log.LogAttrs(context.WithoutCancel(p.ctx), slog.LevelWarn, "state file was not removed", slog.Any("err", err))
	}
}
