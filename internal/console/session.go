package console

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/account"
)

// errSignedOut reports that there is no session, or none any more.
var errSignedOut = errors.New("not signed in")

const (
	cookieName = "turnwise_console"
	maxToken   = 2048 // bytes of a token that fits into a cookie
)

// A session is whom a browser is signed in as.
type session struct {
	account  string // its account; empty for the operator
	operator bool
	until    time.Time
}

// who returns the name of whoever it is, for the log.
func (s session) who() string {
	switch {
	case s.operator:
		return "operator"
	case s.account != "":
		return "account " + s.account
	default:
		return "nobody"
	}
}

// A sealer writes and reads cookies.
type sealer struct{ aead cipher.AEAD }

func newSealer(key [32]byte) (*sealer, error) {
	own, err := hkdf.Key(sha256.New, key[:], nil, "turnwise console session", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of sessions: %w", err)
	}
	block, err := aes.NewCipher(own)
	if err != nil {
		return nil, fmt.Errorf("use the key of sessions: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the key of sessions: %w", err)
	}
	return &sealer{aead}, nil
}

// sealed is what a cookie holds.
type sealed struct {
	Token string `json:"t"`
	Until int64  `json:"u"` // Unix seconds
}

func (s *sealer) seal(v sealed) string {
	plain, _ := json.Marshal(v) // a text and a number
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, []byte(cookieName)))
}

func (s *sealer) open(text string) (v sealed, err error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return v, errSignedOut
	}
	plain, err := s.aead.Open(nil, nil, data, []byte(cookieName))
	if err != nil || json.Unmarshal(plain, &v) != nil {
		return v, errSignedOut
	}
	return v, nil
}

// session returns the session of a request, or [errSignedOut].
func (c *Console) session(r *http.Request) (session, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return session{}, errSignedOut
	}
	v, err := c.seal.open(cookie.Value)
	if err != nil {
		return session{}, err
	}
	s, err := c.lookUp(r.Context(), v.Token)
	s.until = time.Unix(v.Until, 0)
	if err == nil && !time.Now().Before(s.until) {
		return session{}, errSignedOut
	}
	return s, err
}

// lookUp returns whom a token lets in, or [errSignedOut].
func (c *Console) lookUp(ctx context.Context, token string) (session, error) {
	given, operator := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(c.opts.Operator))
	if c.opts.Operator != "" && subtle.ConstantTimeCompare(given[:], operator[:]) == 1 {
		return session{operator: true}, nil
	}
	if a, ok := c.Accounts.ByToken(token); ok {
		return session{account: a.ID}, nil
	}
	if c.Tokens == nil {
		return session{}, errSignedOut
	}
	a, err := c.Tokens.ByToken(ctx, token)
	if errors.Is(err, account.ErrUnknownToken) {
		return session{}, errSignedOut
	}
	return session{account: a.ID}, err
}

// setCookie begins a session, or ends it if the token is empty. The cookie goes over
// TLS alone if the page did, also where a proxy ends it.
func (c *Console) setCookie(w http.ResponseWriter, r *http.Request, token string) {
	until := time.Now().Add(c.opts.Session)
	cookie := &http.Cookie{
		Name: cookieName, Path: Root, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https", MaxAge: -1,
	}
	if token != "" {
		cookie.Value, cookie.MaxAge = c.seal.seal(sealed{token, until.Unix()}), int(c.opts.Session.Seconds())
	}
	http.SetCookie(w, cookie)
}

// newCode returns a text that nobody can guess.
func newCode() string { return rand.Text() }
