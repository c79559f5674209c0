package edge

import (
	"net/http"
	"strings"
	"time"
)

// errToken is the documented answer to a token that is missing or unknown.
var errToken = &Refusal{Status: http.StatusUnauthorized, Message: "Token validation failed for provided token."}

// errApp does not say which of the two is wrong, so that nobody learns which
// ids exist.
var errApp = &Refusal{Status: http.StatusUnauthorized, Message: "The appId and the appSecret are not those of an application."}

// authenticate sets the account of the request, before anything else of it is
// read. A plain token is known to this process. Only a token that expires is
// looked up.
func (h *Handler) authenticate(x *Exchange, r Route) error {
	token, ok := Token(x.Request.Header)
	switch {
	case !ok:
		return errToken
	case h.isOperator(r, token):
		return h.onBehalf(r, x)
	}
	if err := h.lookUp(x, token); err != nil {
		return err
	}
	return x.ownAccount(r)
}

// lookUp sets the account that a token is of.
func (h *Handler) lookUp(x *Exchange, token string) error {
	if known, ok := h.accounts.ByToken(token); ok {
		x.Account = known
		return nil
	}
	if h.tokens == nil {
		return errToken
	}
	ctx, cancel := h.storeContext(x.Request.Context(), x)
	defer cancel()
	began := time.Now()
	var err error
	x.Account, err = h.tokens.ByToken(ctx, token)
	x.waited = time.Since(began)
	return err
}

// Token returns the token in Authorization, with the scheme Bearer or bare, else
// that in x-api-key, which some clients send alone. A header that is given twice
// is ambiguous and does not count as a token.
func Token(h http.Header) (token string, ok bool) {
	values := h["Authorization"]
	if len(values) == 0 {
		values = h["X-Api-Key"]
	}
	if len(values) != 1 {
		return "", false
	}
	token = strings.TrimSpace(values[0])
	if scheme, rest, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(rest)
	}
	return token, token != ""
}
