package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const (
	secretPrefix = "whsec_"
	redacted     = secretPrefix + "[redacted]"

	minSecret = 24 // bytes
	newSecret = 32
	maxSecret = 64
)

// A Secret is what an account and its receivers share, to sign and to verify
// with. It does not print itself, whatever the verb.
type Secret struct{ key []byte }

// NewSecret returns a random secret in the form that [ParseSecret] reads.
func NewSecret() string {
	key := make([]byte, newSecret)
	_, _ = rand.Read(key) // never fails, by its contract
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// ParseSecret reads a secret: "whsec_" and the base64 of 24 to 64 bytes. Its
// error does not repeat s.
func ParseSecret(s string) (Secret, error) {
	encoded, prefixed := strings.CutPrefix(s, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !prefixed || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return Secret{}, errors.New("a webhook secret must be whsec_ followed by 24 to 64 bytes in base64")
	}
	return Secret{key: key}, nil
}

// String returns a placeholder.
func (Secret) String() string { return redacted }

// LogValue returns a placeholder.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Format writes a placeholder, for %d and %#v as well.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }
