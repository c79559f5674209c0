package edge

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/account"
)

// Operators know a token that is of no account, and opens the routes of
// [Route.ForOperators] for each of them.
type Operators interface {
	Is(token string) bool
	ByID(id string) (account.Account, bool)
}

// accountParam is the parameter of the query by which an operator says whose the
// things are that a request is about.
const accountParam = "account"

var (
	errNoAccount = &Refusal{Status: http.StatusBadRequest, Message: `"account" must be the id of an account: the token is that of the operator, who has none.`}
	errOthers    = &Refusal{Status: http.StatusForbidden, Message: `"account" is another account than that of the token. Only the token of the operator opens all of them.`}
)

// ForOperators returns the route, open to operators as well, who name the account.
func (r Route) ForOperators() Route {
	r.operators = true
	r.Params = append(slices.Clip(r.Params), accountParam)
	return r
}

// ForAllAccounts returns the route, open to operators who name no account too: it is
// then about all accounts, see [Exchange.AllAccounts].
func (r Route) ForAllAccounts() Route {
	r = r.ForOperators()
	r.allAccounts = true
	return r
}

// AllAccounts reports whether an operator asks about all accounts. The exchange has none
// then.
func (x *Exchange) AllAccounts() bool { return x.operator && x.Account.ID == "" }

// Operator reports whether it is an operator who asks.
func (x *Exchange) Operator() bool { return x.operator }

// isOperator reports whether a token is that of an operator, at a route for such.
func (h *Handler) isOperator(r Route, token string) bool {
	return r.operators && h.operators != nil && h.operators.Is(token)
}

// onBehalf sets the account that an operator names, and none where it need not be named.
func (h *Handler) onBehalf(r Route, x *Exchange) error {
	named := namedAccounts(x.Request.URL)
	if len(named) == 0 && r.allAccounts {
		x.operator = true
		return nil
	}
	if len(named) != 1 {
		return errNoAccount
	}
	var known bool
	if x.Account, known = h.operators.ByID(named[0]); !known {
		return errNoAccount
	}
	x.operator = true
	return nil
}

// ownAccount refuses who names another account than the own one.
func (x *Exchange) ownAccount(r Route) error {
	if !r.operators {
		return nil
	}
	for _, named := range namedAccounts(x.Request.URL) {
		if named != x.Account.ID {
			return errOthers
		}
	}
	return nil
}

// namedAccounts returns the accounts that a query names. The case of the parameter's
// name does not matter.
func namedAccounts(u *url.URL) (all []string) {
	if u.RawQuery == "" {
		return nil
	}
	for name, values := range u.Query() {
		if strings.EqualFold(name, accountParam) {
			all = append(all, values...)
		}
	}
	return all
}
