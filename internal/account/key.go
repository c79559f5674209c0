package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

// leastKey is the size of a key in bytes, below which HS256 is weaker than its
// hash.
const leastKey = 32

// A Key signs the tokens that an [Issuer] gives out.
type Key struct {
	id    string
	bytes []byte
}

// ParseKey reads a key: 32 random bytes or more in base64.
func ParseKey(text string) (Key, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) < leastKey {
		return Key{}, errors.New("a token key must be 32 or more random bytes in base64, as openssl rand -base64 32 prints them")
	}
	return Key{id: keyID(b), bytes: b}, nil
}

// NewKey returns a random key in the form that [ParseKey] reads.
func NewKey() string { return base64.StdEncoding.EncodeToString(random(leastKey)) }

// keyID names a key without giving it away, the same in every process, so that
// keys need no names in the configuration.
func keyID(key []byte) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte("turnwise token key")) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:8])
}

// String returns the id, so that nothing prints the key.
func (k Key) String() string { return k.id }

// Format writes the id, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.id) }
