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

// digest is the SHA-256 of a token.
type digest [sha256.Size]byte

// NewToken returns a random token of 256 bits. Its prefix lets scanners find
// tokens that leaked.
func NewToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails, by its contract
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// HashToken returns what is kept of a token: "sha256:" and the digest in
// hexadecimal digits.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hashPrefix + hex.EncodeToString(sum[:])
}
