package keyring_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/webhookverify"
)

// holder is a receiver that holds some secrets, and counts what it refuses.
type holder struct {
	verifier       atomic.Pointer[webhookverify.Verifier]
	taken, refused atomic.Int64
}

func (h *holder) hold(t *testing.T, secrets ...string) {
	t.Helper()
	v, err := webhookverify.New(secrets, webhookverify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h.verifier.Store(v)
}

func (h *holder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if _, err := h.verifier.Load().Verify(r.Header, body); err != nil {
		h.refused.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	h.taken.Add(1)
}

// While secrets are replaced, again and again, two processes deliver as fast as they
// can. A receiver that has the new secret as soon as it is made, and the one before,
// refuses nothing; nor does one that still has the old one only, until the
// overlap is over, nor one that has the new one only, from then on when it was made.
func TestRotationUnderLoad(t *testing.T) {
	t.Parallel()

	stored := store.New(redistest.Server(t).Client(), store.Options{})
	current := webhook.NewSecret()
	configured := []webhook.Secret{parse(t, current)}
	operator := process(t, stored, configured)
	var both, old, fresh holder
	receivers := []*holder{&both, &old, &fresh}
	guard := webhook.NewGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for _, h := range receivers {
		h.hold(t, current)
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		for range 2 { // processes
			sender := webhook.NewSender(process(t, stored, configured).Secrets, guard, webhook.SenderOptions{})
			t.Cleanup(sender.Close)
			wg.Go(func() {
				for n := int64(1); ; n++ {
					select {
					case <-stop:
						return
					default:
						sender.Send(t.Context(), webhook.Event{Account: account, JobID: "j", URL: server.URL, Status: "completed", Sequence: n, OccurredAt: time.Now()}, 1)
					}
				}
			})
		}
	}
	for range 5 {
		made, err := operator.Rotate(t.Context(), account, webhook.HMAC, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		fresh.hold(t, made.Text) // only what begins from now on is sure to have it
		both.hold(t, current, made.Text)
		current = made.Text
	}
	close(stop)
	wg.Wait()
	if n := both.refused.Load() + old.refused.Load(); n != 0 || both.taken.Load() < 100 || old.taken.Load() < 100 {
		t.Errorf("%d and %d were taken, and %d refused; want none refused", both.taken.Load(), old.taken.Load(), n)
	}
	if n, most := fresh.refused.Load(), int64(5*2); n > most { // those under way when it changed its mind
		t.Errorf("%d that began after a rotation lacked the new secret, of %d", n, fresh.taken.Load())
	}
	t.Logf("taken with both %d, with the first only %d, with the newest only %d; refused %d, %d, %d", both.taken.Load(), old.taken.Load(), fresh.taken.Load(),
		both.refused.Load(), old.refused.Load(), fresh.refused.Load())
}
