package webhook

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Nothing goes out without a signature, whoever does not know the account: a
// process that has no file, an older one, or one without it any more.
func TestUnknownAccountIsHeldBack(t *testing.T) {
	t.Parallel()

	server, got := newReceiver(t, httptest.NewServer)
	secret := mustParse(t, NewSecret())
	known := atomic.Bool{}
	var log bytes.Buffer
	meter := &countingMeter{}
	sender := NewSender(fixed(func(account string) []Secret {
		if account == "known" || known.Load() {
			return []Secret{secret}
		}
		return nil
	}), NewGuard(loopback()), SenderOptions{Log: slog.New(slog.NewJSONHandler(&log, nil)), Meter: meter})
	t.Cleanup(sender.Close)
	of := func(account string) Event {
		e := event(server.URL)
		e.Account = account
		return e
	}

	for n := range 3 {
		for _, account := range []string{"removed", "new"} {
			r := sender.Send(t.Context(), of(account), n+1)
			if r.Outcome != Retry || r.Attempt.Code != 0 || r.Attempt.Number != n+1 || r.Attempt.EventID == "" ||
				!strings.Contains(r.Attempt.Error, "does not know the account's secret") {
				t.Errorf("got %+v, want it held back, and why", r)
			}
		}
	}
	if r := sender.Send(t.Context(), of("known"), 1); r.Outcome != Delivered || len(got) != 1 {
		t.Errorf("got %s and %d requests, want only what is signed delivered", r.Outcome, len(got))
	}
	if n := strings.Count(log.String(), `"level":"ERROR","msg":"webhooks held back`); n != 2 || meter.withheld != 6 {
		t.Errorf("got %d lines and a count of %d, want a line per account and 6:\n%s", n, meter.withheld, &log)
	}

	log.Reset()
	known.Store(true)
	for range 2 {
		if r := sender.Send(t.Context(), of("new"), 4); r.Outcome != Delivered {
			t.Errorf("got %+v, want it delivered once the secret is known", r)
		}
	}
	if n := strings.Count(log.String(), `"level":"INFO","msg":"webhooks sent again`); n != 1 || !strings.Contains(log.String(), `"account":"new"`) {
		t.Errorf("got %d lines, want one:\n%s", n, &log)
	}
	for len(got) > 0 {
		if d := <-got; verify(secret, d.header, d.body) != nil {
			t.Errorf("got a request that does not verify: %v", d.header)
		}
	}
}

// What is held back waits like any other event, and is given up in the end.
func TestHeldBackEventDies(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		requests := 0
		b := newBench(t, DispatcherOptions{}, func(http.ResponseWriter, *http.Request) { requests++ })
		b.sender.secrets = fixed(func(string) []Secret { return nil })
		b.sender.strangers.meter = b.meter
		b.lanes.put("a", 1)
		for range 73 * 60 {
			b.drain(t.Context(), t, false)
			time.Sleep(time.Minute)
		}
		last := b.lanes.settled[len(b.lanes.settled)-1]
		if n := b.meter.outcomes; n[Dead] != 1 || n[Retry] < 15 || b.meter.withheld != n[Dead]+n[Retry] || requests != 0 {
			t.Errorf("got %v, %d held back and %d requests; want retries, then dead, all held back, and none", n, b.meter.withheld, requests)
		}
		if last.Outcome != Dead || last.Attempt.Error != withheld {
			t.Errorf("got %+v at the end, want it dead, and why", last)
		}
	})
}
