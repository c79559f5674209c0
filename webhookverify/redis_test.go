package webhookverify_test

import (
	"go/build"
	"strings"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/webhookverify"
)

// The ledger of the example does what a ledger promises, on real Redis.
func TestRedisLedger(t *testing.T) {
	t.Parallel()

	ledger := newRedisLedger(redistest.Server(t).Client())
	next := &taker{answer: 200}
	h := newVerifier(t, webhookverify.Options{Ledger: ledger}, newSecret).Handler(next)
	for _, sequence := range []int{1, 1, 3, 2, 3} {
		post(t, h, "j", sequence)
	}
	if got := strings.Join(next.events, ", "); got != "j 1 after 0, j 3 after 1" {
		t.Errorf("the handler took %s", got)
	}
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			if err := ledger.Keep(t.Context(), "k", int64(n+1)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if last, err := ledger.Last(t.Context(), "k"); last != 20 || err != nil {
		t.Errorf("Last = %d, %v; want the highest of those kept at once, 20", last, err)
	}
}

// Programs of others import the package alone.
func TestImportsTheStandardLibraryOnly(t *testing.T) {
	t.Parallel()

	p, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range p.Imports {
		if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
			t.Errorf("the package imports %s, want the standard library only", path)
		}
	}
}
