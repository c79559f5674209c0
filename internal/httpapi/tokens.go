package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/account"
)

// Tokens gives tokens that expire to applications, with the errors of package
// account.
type Tokens interface {
	ByToken(ctx context.Context, token string) (account.Account, error)
	Generate(ctx context.Context, c account.Credentials) (account.Token, error)
	Refresh(ctx context.Context, c account.Credentials, token string) (account.Token, error)
	Revoke(ctx context.Context, c account.Credentials, token string) error
}

func (a *API) tokenRoutes() []route {
	return []route{
		{"DELETE /oauth2/token:revoke", http.StatusOK, a.revokeToken},
	}
}

// publicTokenRoutes are for those who have no token yet, or no longer.
func (a *API) publicTokenRoutes() []route {
	return []route{
		{"POST /oauth2/token:generate", http.StatusOK, a.generateToken},
		{"POST /oauth2/token:refresh", http.StatusOK, a.refreshToken},
	}
}

// A tokenRequest is the body of the calls about tokens. Some clients send more.
type tokenRequest struct {
	Type         *string `json:"type"`
	AppID        *string `json:"appId"`
	AppSecret    *string `json:"appSecret"`
	RefreshToken *string `json:"refreshToken"`
}

// credentials returns who asks.
func (t *tokenRequest) credentials() (account.Credentials, error) {
	if err := present(t.AppID); err != nil {
		return account.Credentials{}, invalid("appId", err)
	}
	if err := present(t.AppSecret); err != nil {
		return account.Credentials{}, invalid("appSecret", err)
	}
	return account.Credentials{AppID: *t.AppID, AppSecret: *t.AppSecret}, nil
}

func present(s *string) error {
	switch {
	case s == nil:
		return errRequired
	case *s == "":
		return errBlank
	default:
		return nil
	}
}

type tokenView struct {
	AccessToken string `json:"accessToken"`
	ExpiresIn   int64  `json:"expiresIn"` // seconds
}

// generateToken serves POST /oauth2/token:generate.
func (a *API) generateToken(ctx context.Context, x *exchange) (any, error) {
	t, err := decode[tokenRequest](x.body)
	if err != nil {
		return nil, err
	}
	if err := present(t.Type); err != nil {
		return nil, invalid("type", err)
	}
	if *t.Type != "application" {
		return nil, invalid("type", badValue("must be application"))
	}
	c, err := t.credentials()
	if err != nil {
		return nil, err
	}
	return x.token(a.tokens.Generate(ctx, c))
}

// refreshToken serves POST /oauth2/token:refresh. No token for refreshing alone
// is given out: what is sent is the token that is to be followed by another.
func (a *API) refreshToken(ctx context.Context, x *exchange) (any, error) {
	t, err := decode[tokenRequest](x.body)
	if err != nil {
		return nil, err
	}
	c, err := t.credentials()
	if err != nil {
		return nil, err
	}
	if err := present(t.RefreshToken); err != nil {
		return nil, invalid("refreshToken", err)
	}
	return x.token(a.tokens.Refresh(ctx, c, *t.RefreshToken))
}

// token is the answer to who asked for a token. Nothing on the way may keep it.
func (x *exchange) token(t account.Token, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	x.Header().Set("Cache-Control", "no-store")
	return tokenView{AccessToken: t.Text, ExpiresIn: int64(t.Remaining / time.Second)}, nil
}

// revokeToken serves DELETE /oauth2/token:revoke, which ends the token that
// the request itself came with.
func (a *API) revokeToken(ctx context.Context, x *exchange) (any, error) {
	t, err := decode[tokenRequest](x.body)
	if err != nil {
		return nil, err
	}
	c, err := t.credentials()
	if err != nil {
		return nil, err
	}
	token, _ := tokenOf(x.r.Header)
	if _, plain := a.deps.Accounts.ByToken(token); plain {
		return nil, refuse(http.StatusBadRequest, "The token of the request stands in the configuration of the service, and only its operator can end it.")
	}
	return nil, a.tokens.Revoke(ctx, c, token)
}

// noTokens is what an API without applications has for [Tokens].
type noTokens struct{}

func (noTokens) ByToken(context.Context, string) (account.Account, error) {
	return account.Account{}, account.ErrUnknownToken
}

func (noTokens) Generate(context.Context, account.Credentials) (account.Token, error) {
	return account.Token{}, account.ErrUnknownApp
}

func (noTokens) Refresh(context.Context, account.Credentials, string) (account.Token, error) {
	return account.Token{}, account.ErrUnknownApp
}

func (noTokens) Revoke(context.Context, account.Credentials, string) error {
	return account.ErrUnknownApp
}
