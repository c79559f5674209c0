package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

const (
	tokenPrefix = "tw_"
	hashPrefix  = "sha256:"
)

// digest is the SHA-256 of a token, or of an application's secret.
type digest [sha256.Size]byte

// NewToken returns a random token of 256 bits. Its prefix lets scanners find
// tokens that leaked.
func NewToken() string {
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(random(32))
}

// NewAppID returns a random id for an application, in the form that clients
// are used to: hexadecimal digits.
func NewAppID() string { return hex.EncodeToString(random(16)) }

// NewAppSecret returns a random secret of 256 bits for an application.
func NewAppSecret() string { return hex.EncodeToString(random(32)) }

// HashToken returns what is kept of a token, or of an application's secret:
// "sha256:" and the digest in hexadecimal digits.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hashPrefix + hex.EncodeToString(sum[:])
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, by its contract
	return b
}
