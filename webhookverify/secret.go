package webhookverify

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// The schemes of signatures, each with the comma that ends it.
const (
	symmetric  = "v1,"  // HMAC-SHA256
	asymmetric = "v1a," // ed25519
)

// minKey is the shortest key that is not to be guessed, in bytes.
const minKey = 24

// A key verifies signatures of one scheme.
type key struct {
	shared []byte            // of scheme v1
	public ed25519.PublicKey // of scheme v1a
}

// parseKey reads a secret. Its error does not repeat it.
func parseKey(text string) (key, error) {
	prefix, encoded, _ := strings.Cut(text, "_")
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	switch {
	case prefix == "whsec" && err == nil && len(decoded) >= minKey:
		return key{shared: decoded}, nil
	case prefix == "whsec":
		return key{}, fmt.Errorf("it must be whsec_ followed by %d bytes or more in base64", minKey)
	case prefix == "whpk" && err == nil && len(decoded) == ed25519.PublicKeySize:
		return key{public: decoded}, nil
	case prefix == "whpk":
		return key{}, fmt.Errorf("it must be whpk_ followed by %d bytes in base64", ed25519.PublicKeySize)
	case prefix == "whsk":
		return key{}, errors.New("it is the private key of a sender; a receiver needs the public one, which begins with whpk_")
	default:
		return key{}, errors.New("it must begin with whsec_ or whpk_")
	}
}

// signed reports whether a signature is one of content by the key.
func (k key) signed(content []byte, signature string) bool {
	if k.public != nil {
		encoded, found := strings.CutPrefix(signature, asymmetric)
		decoded, err := base64.StdEncoding.Strict().DecodeString(encoded)
		return found && err == nil && len(encoded) == base64.StdEncoding.EncodedLen(ed25519.SignatureSize) && ed25519.Verify(k.public, content, decoded)
	}
	mac := hmac.New(sha256.New, k.shared)
	mac.Write(content)
	return hmac.Equal([]byte(signature), []byte(symmetric+base64.StdEncoding.EncodeToString(mac.Sum(nil))))
}
