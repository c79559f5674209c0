package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/turnwise/turnwise/internal/webhook"
)

const keySize = 32 // bytes, AES-256

// The forms of what is stored of a secret.
const (
	plain  = "plain:"
	sealed = "aes:" // then the name of the key, a colon, and base64
)

// A Sealer encrypts what is stored of secrets. The zero Sealer leaves them as they
// are.
type Sealer struct {
	first string                 // name of the key that seals; empty if there is none
	keys  map[string]cipher.AEAD // by name
}

// NewSealer returns a Sealer that seals with the first of the keys, and opens with
// each of them. A key is the base64 of 32 bytes. The error does not repeat one.
func NewSealer(keys []string) (*Sealer, error) {
	s := &Sealer{keys: map[string]cipher.AEAD{}}
	for i, text := range keys {
		key, err := ParseKey(text)
		if err != nil {
			return nil, fmt.Errorf("key %d of %d: %w", i+1, len(keys), err)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("make the cipher: %w", err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("make the cipher: %w", err)
		}
		digest := sha256.Sum256(append([]byte("turnwise webhook secret key "), key...))
		name := hex.EncodeToString(digest[:4])
		s.keys[name] = aead
		if i == 0 {
			s.first = name
		}
	}
	return s, nil
}

// ParseKey reads a key. Its error does not repeat it.
func ParseKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != keySize {
		return nil, errors.New("must be 32 random bytes in base64, as openssl rand -base64 32 prints")
	}
	return key, nil
}

// bound is what a sealed secret is bound to, so that it opens nowhere else.
func bound(account, id string) []byte { return []byte(account + "\x00" + id) }

func (s *Sealer) seal(account, id, text string) string {
	if s == nil || s.first == "" {
		return plain + text
	}
	box := s.keys[s.first].Seal(nil, nil, []byte(text), bound(account, id))
	return sealed + s.first + ":" + base64.StdEncoding.EncodeToString(box)
}

// open returns the secret of a record.
func (s *Sealer) open(account string, r Record) (webhook.Secret, error) {
	text, found := strings.CutPrefix(r.Sealed, plain)
	if !found {
		var err error
		if text, err = s.unseal(account, r); err != nil {
			return webhook.Secret{}, fmt.Errorf("open webhook secret %s of account %s: %w", r.ID, account, err)
		}
	}
	secret, err := webhook.ParseSecret(text)
	if err != nil {
		return webhook.Secret{}, fmt.Errorf("read webhook secret %s of account %s: %w", r.ID, account, err)
	}
	return secret, nil
}

func (s *Sealer) unseal(account string, r Record) (string, error) {
	name, encoded, found := strings.Cut(strings.TrimPrefix(r.Sealed, sealed), ":")
	box, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil {
		return "", errors.New("what is stored is damaged")
	}
	if s == nil || s.keys[name] == nil {
		return "", fmt.Errorf("it is encrypted with the key %s, which is not among webhook_secret_keys", name)
	}
	text, err := s.keys[name].Open(nil, nil, box, bound(account, r.ID))
	if err != nil {
		return "", errors.New("what is stored is damaged, or that of another account")
	}
	return string(text), nil
}
