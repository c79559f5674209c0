package account

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// issuerName is what tokens say they come from.
const issuerName = "turnwise"

// claims are what a token says: the account is its subject. They hold all of a
// grant and nothing else, so that a grant is always the same text.
type claims struct {
	jwt.RegisteredClaims

	App string `json:"client_id"`
}

// newGrantID returns 130 random bits as letters and digits.
func newGrantID() string { return rand.Text() }

// newParser returns what reads tokens. It recognises no algorithm but HS256,
// whatever a token asks for, and no token that lives for ever.
func newParser() *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(issuerName),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
	)
}

// sign returns the token that a grant is.
func (i *Issuer) sign(g Grant) (string, error) {
	key, found := i.key(g.Key)
	if !found {
		return "", fmt.Errorf("the key %s is not configured", g.Key)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, &claims{
		App: g.App,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuerName,
			Subject:   g.Account,
			IssuedAt:  jwt.NewNumericDate(g.IssuedAt),
			ExpiresAt: jwt.NewNumericDate(g.ExpiresAt),
			ID:        g.ID,
		},
	})
	t.Header["kid"] = g.Key
	return t.SignedString(key.bytes)
}

// verify returns the grant that a token claims to be, if a key of ours signed
// it and it has not expired.
func (i *Issuer) verify(token string) (Grant, error) {
	var c claims
	t, err := i.parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		key, found := i.key(id)
		if !found {
			return nil, errors.New("the key is unknown")
		}
		return key.bytes, nil
	})
	if err != nil {
		return Grant{}, err
	}
	id, _ := t.Header["kid"].(string)
	g := Grant{ID: c.ID, Account: c.Subject, App: c.App, Key: id, ExpiresAt: c.ExpiresAt.UTC()}
	if c.IssuedAt != nil {
		g.IssuedAt = c.IssuedAt.UTC()
	}
	return g, nil
}

// key returns the key with the id.
func (i *Issuer) key(id string) (Key, bool) {
	for _, k := range i.keys {
		if k.id == id {
			return k, true
		}
	}
	return Key{}, false
}
