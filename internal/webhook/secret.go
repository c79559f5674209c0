package webhook

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const (
	secretPrefix  = "whsec_"
	privatePrefix = "whsk_"
	publicPrefix  = "whpk_"

	minSecret = 24 // bytes
	newSecret = 32
	maxSecret = 64

	secretDigest = 6 // bytes of the digest that names a secret
)

// A Scheme is a way to sign, by its name in the signature.
type Scheme string

// The schemes.
const (
	HMAC    Scheme = "v1"  // HMAC-SHA256 under a secret that sender and receiver share
	Ed25519 Scheme = "v1a" // with a private key, of which receivers have the public one
)

// Schemes lists every [Scheme].
func Schemes() []Scheme { return []Scheme{HMAC, Ed25519} }

// A Secret is what the webhooks of an account are signed with: under [HMAC] what
// the account and its receivers share, under [Ed25519] what the account keeps to
// itself. It does not print itself, whatever the verb.
type Secret struct {
	key     []byte             // of HMAC
	private ed25519.PrivateKey // of Ed25519
}

// NewSecret returns a random secret of [HMAC] in the form that [ParseSecret]
// reads.
func NewSecret() string { return NewSecretOf(HMAC) }

// NewSecretOf returns a random secret of a scheme in the form that [ParseSecret]
// reads.
func NewSecretOf(scheme Scheme) string {
	key := make([]byte, newSecret)
	_, _ = rand.Read(key) // never fails, by its contract
	if scheme == Ed25519 {
		return privatePrefix + base64.StdEncoding.EncodeToString(ed25519.NewKeyFromSeed(key))
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// ParseSecret reads a secret: "whsec_" and the base64 of 24 to 64 bytes, or
// "whsk_" and that of an ed25519 private key, which is its seed of 32 bytes, or the
// seed and the public key. Its error does not repeat s.
func ParseSecret(s string) (Secret, error) {
	if encoded, private := strings.CutPrefix(s, privatePrefix); private {
		return parsePrivate(encoded)
	}
	encoded, prefixed := strings.CutPrefix(s, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !prefixed || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return Secret{}, errors.New("a webhook secret must be whsec_ followed by 24 to 64 bytes in base64, or whsk_ followed by an ed25519 private key")
	}
	return Secret{key: key}, nil
}

func parsePrivate(encoded string) (Secret, error) {
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) != ed25519.SeedSize && len(key) != ed25519.PrivateKeySize {
		return Secret{}, errors.New("a webhook secret that begins with whsk_ must go on with 32 or 64 bytes in base64, an ed25519 private key")
	}
	private := ed25519.NewKeyFromSeed(key[:ed25519.SeedSize])
	if len(key) == ed25519.PrivateKeySize && !bytes.Equal(key, private) {
		return Secret{}, errors.New("a webhook secret that begins with whsk_ holds a public key that is not that of its private key")
	}
	return Secret{private: private}, nil
}

// Scheme returns the scheme that the secret is of.
func (s Secret) Scheme() Scheme {
	if s.private != nil {
		return Ed25519
	}
	return HMAC
}

// Public returns what receivers verify with if that is no secret: "whpk_" and the
// public key. It returns nothing for a secret of [HMAC].
func (s Secret) Public() string {
	if s.private == nil {
		return ""
	}
	return publicPrefix + base64.StdEncoding.EncodeToString(s.private[ed25519.SeedSize:])
}

// ID returns a name for the secret, which tells nothing of it.
func (s Secret) ID() string {
	material := append([]byte("turnwise webhook secret "), s.key...)
	if s.private != nil {
		material = append(material, s.Public()...)
	}
	digest := sha256.Sum256(material)
	return hex.EncodeToString(digest[:secretDigest])
}

// usable reports whether nobody could guess the secret, as the zero Secret.
func (s Secret) usable() bool { return len(s.key) >= minSecret || s.private != nil }

// String returns a placeholder.
func (s Secret) String() string {
	if s.private != nil {
		return privatePrefix + "[redacted]"
	}
	return secretPrefix + "[redacted]"
}

// LogValue returns a placeholder.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Format writes a placeholder, for %d and %#v as well.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }
