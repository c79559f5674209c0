package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/console"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/presence"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/telemetry"
	"github.com/turnwise/turnwise/internal/webhook/steer"
)

// newConsole returns the console on the services of the API, nil if it is not served.
func newConsole(accounts *accounts, b *backend, st *store.Store, service *jobs.Service, control *control.Service, digests *digest.Cache, steering *steer.Service, s settings.Settings, log *slog.Logger, m *telemetry.Metrics) (*console.Console, error) {
	if !s.Console || !s.Has(settings.API) {
		return nil, nil //nolint:nilnil // see above
	}
	tokens, err := accounts.issuer(st)
	if err != nil {
		return nil, err
	}
	return console.New(console.Deps{
		Accounts:      accounts,
		Tokens:        tokens,
		Jobs:          service,
		Control:       control,
		Conversations: st,
		Digests:       digests,
		Webhooks:      steering,
		Secrets:       accounts.keyring(st),
		Addresses:     guard(s),
		System:        system{st, b},
	}, log, console.Options{
		Key: accounts.consoleKey, Operator: s.ConsoleOperatorToken, Version: telemetry.Version(), Gap: s.WebhookGap, Meter: m,
	})
}

// consoleKey returns the key of sessions: one that all processes of the same
// configuration have, and nobody else. Whoever knew it could read the cookies that they
// have, and make none, for a cookie holds a token.
func consoleKey(entries []account.Entry, tokenKeys []string, operator string) [32]byte {
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintf(h, "%q %q %q %q\n", e.ID, e.TokenHashes, e.AppSecretHashes, e.WebhookSecrets)
	}
	fmt.Fprintf(h, "%q %q\n", tokenKeys, operator)
	return [32]byte(h.Sum(nil))
}

// withConsole serves the console beside the API, and leads to it from the root.
func withConsole(pages http.Handler, api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead), path == strings.TrimSuffix(console.Root, "/"):
			http.Redirect(w, r, console.Root, http.StatusSeeOther)
		case strings.HasPrefix(path, console.Root):
			pages.ServeHTTP(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})
}

// system tells the console how the service stands.
type system struct {
	*store.Store

	backend *backend
}

func (s system) Processes(ctx context.Context) ([]presence.Process, error) {
	return presence.Read(ctx, s.Store)
}

func (s system) Redis(ctx context.Context) (console.RedisState, error) {
	report, err := s.backend.inspect(ctx)
	if err != nil {
		return console.RedisState{}, err
	}
	state := console.RedisState{Words: s.backend.words}
	state.Keeps, state.Durable = keeps(report.Durability())
	text, err := infoOf(ctx, s.backend.rdb)
	if err != nil {
		return state, err
	}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		number, _ := strconv.ParseInt(value, 10, 64) // else it is another line
		switch name {
		case "used_memory":
			state.Memory += number
		case "maxmemory":
			state.MaxMemory += number
		case "connected_clients":
			state.Clients += number
		case "redis_version":
			state.Version = value
		}
	}
	return state, nil
}

// infoOf asks one server, or all masters of a Cluster, for what they say of themselves.
// What cannot be asked is left out: some servers keep INFO to themselves.
func infoOf(ctx context.Context, rdb redis.UniversalClient) (string, error) {
	cluster, ok := rdb.(*redis.ClusterClient)
	if !ok {
		text, err := rdb.Info(ctx).Result()
		if err != nil && ctx.Err() != nil {
			return "", err
		}
		return text, nil
	}
	all := make(chan string, 1)
	all <- ""
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		text, err := c.Info(ctx).Result()
		all <- <-all + text
		return err
	})
	return <-all, err
}

// keeps says what Redis keeps of what was acknowledged.
func keeps(d redisconn.Durability) (words string, all bool) {
	switch d {
	case redisconn.Disk:
		return "all is on disk", true
	case redisconn.Fast:
		return "all but the last second", false
	case redisconn.Memory:
		return "nothing, it is in memory", false
	default:
		return "not known", false
	}
}

// presence returns what has consoles know of this process, unless there is to be none.
func (p *process) presence(st *store.Store, m *telemetry.Metrics) func(context.Context) error {
	if !p.settings.Console {
		return func(context.Context) error { return nil }
	}
	host, _ := os.Hostname() // it is shown, and may be empty
	self := presence.Process{ID: rand.Text(), Host: host, PID: os.Getpid(), Version: telemetry.Version(), Started: time.Now()}
	for _, r := range p.settings.Roles {
		self.Roles = append(self.Roles, string(r))
	}
	done := func() presence.Totals { return presence.Totals(telemetry.DoneBy(m)) }
	return presence.NewReporter(st, self, done, p.log).Run
}

// open opens the console in a browser, if that was asked for: in a try-out signed in, by
// an address that is good for once.
func (p *process) open(out io.Writer, pages *console.Console, accounts *accounts) {
	if !p.settings.Open || pages == nil {
		return
	}
	url := p.apiURL + console.Root
	if accounts.made.Token != "" {
		url = p.apiURL + pages.Ticket(accounts.made.Token)
	}
	name, args := opener(runtime.GOOS, url)
	browser := exec.CommandContext(context.WithoutCancel(p.ctx), name, args...) //nolint:gosec // the program is one of three
	err := browser.Start()
	if err == nil {
		err = browser.Process.Release() // it ends when it likes
	}
	if err != nil {
		fmt.Fprintf(out, "  --open    no browser could be opened (%v); open the address of the console by hand\n", err)
	}
}

// opener returns the program that opens a URL.
func opener(system, url string) (name string, args []string) {
	switch system {
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler", url}
	case "darwin":
		return "open", []string{url}
	default:
		return "xdg-open", []string{url}
	}
}
