package main

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/console"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/telemetry"
	"github.com/turnwise/turnwise/internal/telemetry/ops"
	"github.com/turnwise/turnwise/internal/telemetry/tracing"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/steer"
)

// serve builds the process from the leaves up, and runs it until ctx is done.
// It reads as the path of an append: HTTP, jobs, store, queue, webhooks.
func serve(ctx context.Context, s settings.Settings, log *slog.Logger, tracer *tracing.Tracer, out io.Writer) error {
	accounts, err := openAccounts(s)
	if err != nil {
		return err
	}
	back, err := openBackend(ctx, s, log)
	if err != nil {
		return err
	}
	defer back.close(log)
	store := store.New(back.rdb, store.Options{
		Shards: s.Shards, Lease: s.Lease, Retention: s.JobRetention, MaxAttempts: s.JobMaxAttempts, Log: log, Endpoints: endpoints(s),
	})
	if err := openStore(ctx, store, back, s.DataDir); err != nil {
		return err
	}

	registry, metrics := newMetrics(store, back)
	bells := queue.Doorbells{
		Append:  newPool(lane.Append, concurrency(s), back, store, s, log, metrics),
		Deliver: newPool(lane.Deliver, s.WebhookConcurrency, back, store, s, log, metrics),
	}
	defer func() { back.inUse = !bells.Close() || back.inUse }()
	analyzer, digests, err := newAnalyzers(store, s, accounts.turns, log, metrics)
	if err != nil {
		return err
	}
	worker := newRunner(store, tracer.Analyzer(analyzer), bells, s, log, metrics)
	service := jobs.NewService(store, bells, store.Shards(), jobs.ServiceOptions{
		Limits:     jobs.Limits{Concurrent: accounts.maxConcurrent, Backlog: accounts.maxPending, Pending: s.MaxPendingPerConversation},
		Meter:      metrics,
		Trace:      tracer.Traceparent,
		LocalSlots: bells.Append,
		Runner:     worker,
	})
	steering, control := newSteering(store, bells, log), control.New(store, service, bells, accounts.ids(), log)
	api, pages, err := newHandlers(accounts, back, store, service, control, digests, steering, bells, s, log, metrics, tracer)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := newProcess(ctx, s, log)
	defer p.end()
	redis := newCondition(store, &back.gate, s.Has(settings.API), log, metrics)
	if err := p.listen(api, pages, ops.Handler(registry, p.ready(redis))); err != nil {
		return err
	}
	p.run(redis.watch, store.Run, p.presence(store, metrics), func(ctx context.Context) error { return back.watch(ctx, metrics, log) })
	p.drain(s.Has(settings.Worker), bells.Append, worker, store, control.Run)
	p.drain(s.Has(settings.Dispatcher), bells.Deliver, newDispatcher(store, bells, s, log, metrics, tracer, accounts), store, steering.Run)
	if err := p.announce(out, accounts, back, pages); err != nil {
		log.LogAttrs(ctx, slog.LevelWarn, "state file was not written", slog.Any("err", err))
	}
	defer p.withdraw()
	if s.Demo {
		p.work.Go(func() error { return demo(p.ctx, out, p.apiURL, accounts) })
	}
	back.inUse, err = p.wait()
	return err
}

// drain has the lanes of a kind worked, and what belongs to that, if that is a role of
// the process.
func (p *process) drain(enabled bool, l *queue.Pool, drainer queue.Drainer, store *store.Store, beside ...func(context.Context) error) {
	if enabled {
		p.run(beside...)
		p.run(func(ctx context.Context) error { return l.Run(ctx, drainer, store) })
	}
}

// run has parts of the process run until its context is done.
func (p *process) run(parts ...func(context.Context) error) {
	for _, part := range parts {
		p.work.Go(func() error { return part(p.ctx) })
	}
}

// newMetrics returns the metrics of the process and their registry.
func newMetrics(store *store.Store, b *backend) (*prometheus.Registry, *telemetry.Metrics) {
	registry := prometheus.NewRegistry()
	metrics := telemetry.New(registry)
	metrics.RegisterLanes(registry, store)
	metrics.RegisterAsynq(registry, queue.NewCollector(b.wake))
	registry.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry, metrics
}

// newHandlers returns the HTTP API and the console, which is nil if it is not served.
func newHandlers(accounts *accounts, b *backend, store *store.Store, service *jobs.Service, control *control.Service, digests *digest.Cache, steering *steer.Service, bell lane.Doorbell, s settings.Settings, log *slog.Logger, m *telemetry.Metrics, t *tracing.Tracer) (*httpapi.API, *console.Console, error) {
	api, err := newAPI(accounts, store, service, control, digests, steering, bell, s, log, m, t)
	if err != nil {
		return nil, nil, err
	}
	pages, err := newConsole(accounts, b, store, service, control, digests, steering, s, log, m)
	return api, pages, err
}

// newAPI returns the HTTP API on everything that it needs.
func newAPI(accounts *accounts, store *store.Store, service *jobs.Service, control *control.Service, digests *digest.Cache, steering *steer.Service, bell lane.Doorbell, s settings.Settings, log *slog.Logger, m *telemetry.Metrics, t *tracing.Tracer) (*httpapi.API, error) {
	tokens, err := accounts.issuer(store)
	if err != nil {
		return nil, err
	}
	opts := httpapi.Options{Meter: m, Tokens: tokens, Slots: store, Addresses: guard(s), Origins: s.CORSOrigins, Connections: apiConnections(s, descriptors()), Version: telemetry.Version(), Turns: accounts.turns}
	if s.ConsoleOperatorToken != "" {
		opts.Operators = account.NewOperator(accounts.Directory, s.ConsoleOperatorToken)
	}
	if t != nil {
		opts.Tracer = t
	}
	return httpapi.New(httpapi.Deps{
		Jobs:          service,
		Control:       control,
		Conversations: store,
		Editor:        edit.New(store, bell, store.Shards()),
		Digests:       digests,
		Attempts:      store,
		Webhooks:      steering,
		Secrets:       accounts.keyring(store),
		ExternalIDs:   store,
		Accounts:      accounts,
		Catalog:       catalog.New(store),
	}, log, opts), nil
}

// newSteering returns what people take a hand in deliveries with.
func newSteering(store *store.Store, bells queue.Doorbells, log *slog.Logger) *steer.Service {
	return steer.New(store, bells, func() string { return jobs.NewID(rand.IntN(store.Shards())) }, log)
}

// concurrency returns how many conversations to work at once. The analysis in
// this process keeps a core busy, so a few per core are enough to be at work
// while others wait for Redis; an external one is mostly waited for.
func concurrency(s settings.Settings) int {
	switch {
	case s.Concurrency > 0:
		return s.Concurrency
	case s.AnalysesElsewhere():
		return 64
	default:
		return 4 * runtime.GOMAXPROCS(0)
	}
}

// grace returns what the options of the parts take for the grace: to them 0 is
// the default, and less than 0 is none.
func grace(s settings.Settings) time.Duration { return cmp.Or(s.ShutdownGrace, -1) }

func newPool(kind lane.Kind, concurrency int, b *backend, store *store.Store, s settings.Settings, log *slog.Logger, m *telemetry.Metrics) *queue.Pool {
	return queue.NewPool(kind, b.wake, queue.Options{
		Shards: store.Shards(), Concurrency: concurrency, Grace: grace(s), Log: log, Meter: m,
	})
}

// held returns the accounts of which lanes are held instead of failing a job.
func held(s settings.Settings) map[string]bool {
	if s.TryOut() {
		return map[string]bool{"default": s.JobOnFailure == account.HoldOnFailure}
	}
	all := map[string]bool{}
	for _, a := range s.Accounts {
		all[a.ID] = a.OnFailure == account.HoldOnFailure
	}
	return all
}

// weights returns those of accounts that do not weigh 1.
func weights(s settings.Settings) map[string]int {
	all := map[string]int{}
	for _, a := range s.Accounts {
		if a.Weight > 1 {
			all[a.ID] = a.Weight
		}
	}
	return all
}

func newRunner(store *store.Store, analyzer jobs.Analyzer, bells queue.Doorbells, s settings.Settings, log *slog.Logger, m *telemetry.Metrics) *jobs.Runner {
	opts := jobs.RunnerOptions{
		Lease:       s.Lease,
		Backoff:     lane.Backoff{Initial: s.JobBackoffInitial, Max: s.JobBackoffMax},
		MaxAttempts: s.JobMaxAttempts,
		Grace:       grace(s),
		Hold:        held(s),
		Log:         log,
		Meter:       m,
	}
	if len(s.Accounts) > 1 {
		opts.Lanes, opts.Weights = concurrency(s), weights(s)
	}
	if s.AnalysesElsewhere() {
		opts.Batch = 1 // it is slow: a job must not wait for the one behind it
	}
	return jobs.NewRunner(store, analyzer, bells, opts)
}

// endpoints returns how the endpoints of webhooks are treated.
func endpoints(s settings.Settings) store.EndpointOptions {
	return store.EndpointOptions{
		InFlight: s.WebhookEndpointConcurrency,
		Rate:     float64(s.WebhookEndpointRate),
		Window:   s.WebhookBreakerWindow,
		Failures: s.WebhookBreakerFailures,
		Ratio:    s.WebhookBreakerRatio,
		Pause:    min(s.WebhookBackoffInitial, s.WebhookBreakerMaxPause),
		MaxPause: s.WebhookBreakerMaxPause,
		Elapsed:  s.WebhookMaxElapsed,
		Weights:  weights(s),
	}
}

func newDispatcher(store *store.Store, bells queue.Doorbells, s settings.Settings, log *slog.Logger, m *telemetry.Metrics, t *tracing.Tracer, accounts *accounts) *webhook.Dispatcher {
	sender := webhook.NewSender(accounts.keyring(store).Secrets, guard(s), webhook.SenderOptions{Timeout: s.WebhookTimeout, Extras: s.WebhookEndpoints, Origin: s.WebhookConsentOrigin, Log: log, Meter: m})
	return webhook.NewDispatcher(store, sender, bells, webhook.DispatcherOptions{
		Lease:      s.Lease,
		Backoff:    lane.Backoff{Initial: s.WebhookBackoffInitial, Max: s.WebhookBackoffMax},
		MaxElapsed: s.WebhookMaxElapsed,
		Gaps:       accounts.gapOf,
		Grace:      grace(s),
		Log:        log,
		Meter:      m,
		Tracer:     t,
	})
}
