package edge

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/account"
)

// An account may send as many requests at once as it may in a second, and again
// with time; others are not counted with it, nor is one without a bound.
func TestRates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r rates
		admitted := func(a account.Account) (n int) {
			for range 20 {
				if r.admit(a) == nil {
					n++
				}
			}
			return n
		}
		bounded := account.Account{ID: "bounded", MaxRequestRate: 8}
		for _, want := range []int{8, 4} {
			if got := admitted(bounded); got != want {
				t.Errorf("%d requests at once are admitted, want %d", got, want)
			}
			time.Sleep(time.Second / 2)
		}
		if got := admitted(account.Account{ID: "another", MaxRequestRate: 10}); got != 10 {
			t.Errorf("%d requests of another account are admitted, want 10", got)
		}
		if got := admitted(account.Account{ID: "free"}); got != 20 {
			t.Errorf("%d requests of an account without a bound are admitted, want all 20", got)
		}
	})
}
