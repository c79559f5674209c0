package edge

import (
	"net/http"
	"sync"

	"golang.org/x/time/rate"

	"github.com/turnwise/turnwise/internal/account"
)

var errRate = &Refusal{http.StatusTooManyRequests, "The account sends more requests a second than it may. Send the request again in a second.", true}

// rates bounds how many requests a second each account sends to this process. An
// account that sent none for a second may send as many at once as it may in one.
type rates struct {
	mu       sync.Mutex
	accounts map[string]*rate.Limiter // of those with a bound that have sent requests
}

// admit returns errRate if the account has had its requests.
func (r *rates) admit(a account.Account) error {
	if a.MaxRequestRate == 0 || r.of(a).Allow() {
		return nil
	}
	return errRate
}

func (r *rates) of(a account.Account) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.accounts[a.ID]
	if l == nil {
		if r.accounts == nil {
			r.accounts = map[string]*rate.Limiter{}
		}
		l = rate.NewLimiter(rate.Limit(a.MaxRequestRate), a.MaxRequestRate)
		r.accounts[a.ID] = l
	}
	return l
}
