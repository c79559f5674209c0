package httpapi

import (
	"net/http"
	"strings"
)

// errToken is the documented answer to a token that is missing or unknown.
var errToken = &refusal{status: http.StatusUnauthorized, message: "Token validation failed for provided token."}

// authenticate finds out whose request it is, before anything else of it is
// looked at.
func (a *API) authenticate(x *exchange) error {
	token, ok := tokenOf(x.r.Header)
	if !ok {
		return errToken
	}
	found, ok := a.deps.Accounts.ByToken(token)
	if !ok {
		return errToken
	}
	x.account = found
	return nil
}

// tokenOf takes the token from Authorization, with the scheme Bearer or bare,
// else from x-api-key, which some clients send alone. A header that is given
// twice is ambiguous, and no token.
func tokenOf(h http.Header) (token string, ok bool) {
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
