package tokens

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// Tokens issues tokens that expire to applications, with the errors of package
// account.
type Tokens interface {
	ByToken(ctx context.Context, token string) (account.Account, error)
	Generate(ctx context.Context, c account.Credentials) (account.Token, error)
	Refresh(ctx context.Context, c account.Credentials, token string) (account.Token, error)
	Revoke(ctx context.Context, c account.Credentials, token string) error
}

type handlers struct {
	Accounts edge.Accounts
	Tokens   Tokens
	guesses  *guesses
}

// Dialect returns the routes for tokens that expire. Without tokens no
// application is known. The meter may be nil.
func Dialect(accounts edge.Accounts, tokens Tokens, log *slog.Logger, meter Meter) edge.Dialect {
	if tokens == nil {
		tokens = noTokens{}
	}
	h := &handlers{accounts, tokens, newGuesses(log, meter)}
	return edge.Dialect{
		Routes: []edge.Route{
			edge.OK("DELETE /oauth2/token:revoke", h.revokeToken),
		},
		// For those who have no token yet, or no longer.
		Public: []edge.Route{
			edge.OK("POST /oauth2/token:generate", h.generateToken),
			edge.OK("POST /oauth2/token:refresh", h.refreshToken),
		},
	}
}

// A tokenRequest is the body of the calls about tokens. Other members are ignored.
type tokenRequest struct {
	Type         *string `json:"type"`
	AppID        *string `json:"appId"`
	AppSecret    *string `json:"appSecret"`
	RefreshToken *string `json:"refreshToken"`
}

// credentials returns the credentials of the application.
func (t *tokenRequest) credentials() (account.Credentials, error) {
	if err := present(t.AppID); err != nil {
		return account.Credentials{}, input.Invalid("appId", err)
	}
	if err := present(t.AppSecret); err != nil {
		return account.Credentials{}, input.Invalid("appSecret", err)
	}
	return account.Credentials{AppID: *t.AppID, AppSecret: *t.AppSecret}, nil
}

func present(s *string) error {
	switch {
	case s == nil:
		return input.ErrRequired
	case *s == "":
		return input.ErrBlank
	default:
		return nil
	}
}

type tokenView struct {
	AccessToken string `json:"accessToken"`
	ExpiresIn   int64  `json:"expiresIn"` // seconds
}

// generateToken serves POST /oauth2/token:generate.
func (h *handlers) generateToken(ctx context.Context, x *edge.Exchange) (any, error) {
	t, err := input.Decode[tokenRequest](x.Body)
	if err != nil {
		return nil, err
	}
	if err := present(t.Type); err != nil {
		return nil, input.Invalid("type", err)
	}
	if *t.Type != "application" {
		return nil, input.Invalid("type", input.BadValue("must be application"))
	}
	c, err := t.credentials()
	if err != nil {
		return nil, err
	}
	var issued account.Token
	err = h.slowly(ctx, x, c, func() (err error) {
		issued, err = h.Tokens.Generate(ctx, c)
		return err
	})
	return tokenAnswer(x, issued, err)
}

// refreshToken serves POST /oauth2/token:refresh. There are no separate refresh
// tokens: the caller sends the token that is to be replaced.
func (h *handlers) refreshToken(ctx context.Context, x *edge.Exchange) (any, error) {
	t, err := input.Decode[tokenRequest](x.Body)
	if err != nil {
		return nil, err
	}
	c, err := t.credentials()
	if err != nil {
		return nil, err
	}
	if err := present(t.RefreshToken); err != nil {
		return nil, input.Invalid("refreshToken", err)
	}
	var issued account.Token
	err = h.slowly(ctx, x, c, func() (err error) {
		issued, err = h.Tokens.Refresh(ctx, c, *t.RefreshToken)
		return err
	})
	return tokenAnswer(x, issued, err)
}

// slowly calls do, which checks the secret of an application, unless too many
// wrong ones came before. Then nothing is looked at, least of all in Redis.
func (h *handlers) slowly(ctx context.Context, x *edge.Exchange, c account.Credentials, do func() error) error {
	wait, end := h.guesses.begin(ctx, sourceOf(c.AppID, x.Request.RemoteAddr))
	if wait > 0 {
		x.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		return edge.Refuse(http.StatusTooManyRequests,
			"Too many wrong secrets were sent for this application, or from this address. Send the request again after the seconds that Retry-After names.")
	}
	right, wrong := false, false // a panic is neither
	defer func() { end(right, wrong) }()
	err := do()
	right, wrong = err == nil, errors.Is(err, account.ErrUnknownApp)
	return err
}

// tokenAnswer returns the answer with a token. No cache may store it.
func tokenAnswer(x *edge.Exchange, t account.Token, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	x.Header().Set("Cache-Control", "no-store")
	return tokenView{AccessToken: t.Text, ExpiresIn: int64(t.Remaining / time.Second)}, nil
}

// revokeToken serves DELETE /oauth2/token:revoke, which revokes the token of the
// request itself.
func (h *handlers) revokeToken(ctx context.Context, x *edge.Exchange) (any, error) {
	t, err := input.Decode[tokenRequest](x.Body)
	if err != nil {
		return nil, err
	}
	c, err := t.credentials()
	if err != nil {
		return nil, err
	}
	token, _ := edge.Token(x.Request.Header)
	if _, plain := h.Accounts.ByToken(token); plain {
		return nil, edge.Refuse(http.StatusBadRequest, "The token of the request stands in the configuration of the service, and only its operator can end it.")
	}
	return nil, h.slowly(ctx, x, c, func() error { return h.Tokens.Revoke(ctx, c, token) })
}

// noTokens is the [Tokens] of an API without applications.
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
