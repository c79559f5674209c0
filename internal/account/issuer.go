package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var (
	// ErrUnknownToken reports that a token is nobody's: it was not given out
	// here, has expired or was revoked.
	ErrUnknownToken = errors.New("unknown token")
	// ErrUnknownApp reports that no application has the id and the secret.
	ErrUnknownApp = errors.New("unknown application")
)

// Credentials are what an application asks for tokens with. They do not print
// the secret.
type Credentials struct{ AppID, AppSecret string }

// String returns the id.
func (c Credentials) String() string { return c.AppID }

// Format writes the id, whatever the verb.
func (c Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.AppID) }

// LogValue returns the id.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.AppID) }

// A Token is what its bearer gets.
type Token struct {
	Text      string
	Remaining time.Duration // of its life, at least; whole seconds
}

// A Grant is a token in the ledger. Together with the keys it is the token:
// the same grant signed again is the same text.
type Grant struct {
	ID        string // random; also that in the token
	Account   string
	App       string
	Key       string    // the id of the key that signs it
	IssuedAt  time.Time // whole seconds, by the clock of the ledger, as is ExpiresAt
	ExpiresAt time.Time
}

// Terms are those on which a token is asked for.
type Terms struct {
	Life  time.Duration // of a new token
	Least time.Duration // that must remain of an old one, else a new one is made
	Keys  []string      // ids of those that may have signed an old one
}

// A TokenStore remembers which tokens are in force. Each method is one atomic step.
type TokenStore interface {
	// Issue returns the newest grant of the application that was neither
	// revoked nor falls short of the terms, and how long it lives still. If
	// there is none, it enters the grant fresh, of which the account, the
	// application, the id and the key are set, and returns that.
	Issue(ctx context.Context, fresh Grant, t Terms) (Grant, time.Duration, error)
	// InForce reports whether the grant was entered and not revoked. Whether
	// it has expired is left to the caller, who sees when it does.
	InForce(ctx context.Context, g Grant) (bool, error)
	// Revoke takes the grant out of the ledger, if it is there.
	Revoke(ctx context.Context, g Grant) error
}

// IssuerOptions adjusts an [Issuer]. The zero value is fit for production.
type IssuerOptions struct {
	Life time.Duration // of a token; 24h if zero
}

// An Issuer gives tokens to applications and knows whose tokens they are.
// Errors of the ledger come through as they are.
type Issuer struct {
	apps   *Directory
	ledger TokenStore
	keys   []Key
	parser *jwt.Parser
	life   time.Duration
	spare  time.Duration // what makes a token of some use, and one as good as new
}

// NewIssuer returns an Issuer to the applications of the directory. The first
// key signs; tokens signed by the others are recognised. It needs a key only
// if there are applications.
func NewIssuer(apps *Directory, ledger TokenStore, keys []Key, opts IssuerOptions) (*Issuer, error) {
	if len(keys) == 0 && apps.HasApps() {
		return nil, errors.New("there are applications, but no key that signs their tokens")
	}
	life := cmp.Or(opts.Life, 24*time.Hour)
	return &Issuer{apps: apps, ledger: ledger, keys: keys, parser: newParser(), life: life, spare: min(time.Minute, life/2)}, nil
}

// Generate returns a token of the application, or [ErrUnknownApp]. It is the
// same one as long as that has a minute to live, so that the processes of an
// application share it, and none gets one that ends before it is used.
func (i *Issuer) Generate(ctx context.Context, c Credentials) (Token, error) {
	return i.issue(ctx, c, i.spare)
}

// Refresh returns a new token of the application in place of one that has not
// ended yet, which stays in force to its end, since others may hold it. It is
// the same one for a minute, so that the request may be repeated. The error is
// [ErrUnknownApp], or [ErrUnknownToken] if the old token is not, or no longer,
// one of the application's.
func (i *Issuer) Refresh(ctx context.Context, c Credentials, token string) (Token, error) {
	if _, err := i.own(ctx, c, token); err != nil {
		return Token{}, err
	}
	return i.issue(ctx, c, i.life-i.spare)
}

// Revoke ends a token of the application for good. The errors are those of
// [Issuer.Refresh].
func (i *Issuer) Revoke(ctx context.Context, c Credentials, token string) error {
	g, err := i.own(ctx, c, token)
	if err != nil {
		return err
	}
	if err := i.ledger.Revoke(ctx, g); err != nil {
		return fmt.Errorf("revoke a token of application %s: %w", c.AppID, err)
	}
	return nil
}

// ByToken returns whose token it is, or [ErrUnknownToken].
func (i *Issuer) ByToken(ctx context.Context, token string) (Account, error) {
	_, owner, err := i.inForce(ctx, token)
	return owner, err
}

// inForce returns the grant that a token is, and whose it is, or
// [ErrUnknownToken].
func (i *Issuer) inForce(ctx context.Context, token string) (Grant, Account, error) {
	g, err := i.verify(token)
	if err != nil {
		return Grant{}, Account{}, ErrUnknownToken // why is of use to a forger only
	}
	// The configuration may have changed since.
	owner, found := i.apps.byApp(g.App)
	if !found || owner.ID != g.Account {
		return Grant{}, Account{}, ErrUnknownToken
	}
	valid, err := i.ledger.InForce(ctx, g)
	if err != nil {
		return Grant{}, Account{}, fmt.Errorf("look up a token of account %s: %w", g.Account, err)
	}
	if !valid {
		return Grant{}, Account{}, ErrUnknownToken
	}
	return g, owner, nil
}

// own returns the grant that a token of the application's is.
func (i *Issuer) own(ctx context.Context, c Credentials, token string) (Grant, error) {
	if _, found := i.apps.byCredentials(c); !found {
		return Grant{}, ErrUnknownApp
	}
	g, _, err := i.inForce(ctx, token)
	if err != nil {
		return Grant{}, err
	}
	if g.App != c.AppID {
		return Grant{}, ErrUnknownToken
	}
	return g, nil
}

// issue returns a token that lives for least, or longer.
func (i *Issuer) issue(ctx context.Context, c Credentials, least time.Duration) (Token, error) {
	owner, found := i.apps.byCredentials(c)
	if !found {
		return Token{}, ErrUnknownApp
	}
	t := Terms{Life: i.life, Least: least}
	for _, k := range i.keys {
		t.Keys = append(t.Keys, k.id)
	}
	fresh := Grant{ID: newGrantID(), Account: owner.ID, App: c.AppID, Key: i.keys[0].id}
	g, remaining, err := i.ledger.Issue(ctx, fresh, t)
	if err != nil {
		return Token{}, fmt.Errorf("issue a token to application %s: %w", c.AppID, err)
	}
	text, err := i.sign(g)
	if err != nil {
		return Token{}, fmt.Errorf("sign the token of application %s: %w", c.AppID, err)
	}
	return Token{Text: text, Remaining: remaining}, nil
}
