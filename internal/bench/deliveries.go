package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"

	"github.com/turnwise/turnwise/internal/webhook"
)

// eventsEach is how many events a job has that completes.
const eventsEach = 3

// deliveries submits jobs with webhooks, works them, and then delivers their
// events to a receiver in a process of its own.
func (b *bench) deliveries(ctx context.Context) (outcome, error) {
	addr, end, err := b.help(ctx, roleReceiver)
	if err != nil {
		return outcome{}, err
	}
	defer end()
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return outcome{}, err
	}
	defer s.close()
	f := batch{conversations: b.count(5000), each: 1, webhookURL: "http://" + addr + hookPath}
	ids, err := s.submitAll(ctx, f)
	if err != nil {
		return outcome{}, err
	}
	wrong, err := s.workAndCheck(ctx, ids, 1)
	if err != nil {
		return outcome{}, err
	}
	n := eventsEach * f.jobs()
	watch, err := b.server.start(ctx)
	if err != nil {
		return outcome{}, err
	}
	var took Sample
	err = s.deliver(ctx, func(ctx context.Context) error {
		got, err := countOf(ctx, addr, n)
		if err != nil {
			return err
		}
		wrong += max(n-got.Events, got.Events-n) + got.OutOfOrder
		took, err = watch.stop(ctx, n)
		return err
	})
	took.Violations = wrong
	return outcome{runs: []measured{{section: Deliver, name: "webhooks", Sample: took}}}, err
}

// deliver runs dispatchers until fn returns.
func (s *system) deliver(ctx context.Context, fn func(context.Context) error) error {
	secret, err := webhook.ParseSecret(webhook.NewSecret())
	if err != nil {
		return err
	}
	loopback := webhook.NewGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	sender := webhook.NewSender(func(context.Context, string) ([]webhook.Secret, error) { return []webhook.Secret{secret}, nil }, loopback, webhook.SenderOptions{})
	dispatcher := webhook.NewDispatcher(s.store, sender, s.bells, webhook.DispatcherOptions{})
	return s.run(ctx, fn, func(ctx context.Context) error { return s.bells.Deliver.Run(ctx, dispatcher, s.store) })
}

// countOf waits until the receiver at an address has n events, or until none
// comes any more.
func countOf(ctx context.Context, addr string, n int) (received, error) {
	var got received
	url := fmt.Sprintf("http://%s%s?events=%d", addr, countPath, n)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return got, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return got, fmt.Errorf("ask the receiver: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // it has been read
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		return got, fmt.Errorf("read what the receiver got: %w", err)
	}
	return got, nil
}
