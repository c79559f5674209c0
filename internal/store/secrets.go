package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

var _ keyring.Store = (*Store)(nil)

// WebhookSecrets implements [keyring.Store].
func (s *Store) WebhookSecrets(ctx context.Context, account string) (keyring.Stored, error) {
	fields, err := retry.Value(ctx, func(ctx context.Context) (map[string]string, error) {
		return s.rdb.HGetAll(ctx, secretsKey(account)).Result()
	})
	if err != nil {
		return keyring.Stored{}, fault("read the webhook secrets", err)
	}
	stored := keyring.Stored{Retired: map[string]time.Time{}}
	for name, value := range fields {
		kind, id, _ := strings.Cut(name, ":")
		switch kind {
		case "s":
			r, err := decodeSecret(id, value)
			if err != nil {
				return keyring.Stored{}, err
			}
			stored.Records = append(stored.Records, r)
		case "r":
			stored.Retired[id] = instant(value)
		}
	}
	return stored, nil
}

func decodeSecret(id, value string) (keyring.Record, error) {
	parts := strings.SplitN(value, " ", 4)
	if len(parts) != 4 {
		return keyring.Record{}, fmt.Errorf("webhook secret %s: what is stored is damaged", id)
	}
	r := keyring.Record{ID: id, Scheme: webhook.Scheme(parts[0]), CreatedAt: instant(parts[1]), Sealed: parts[3]}
	if parts[2] != "0" {
		r.ExpiresAt = instant(parts[2])
	}
	return r, nil
}

// AddWebhookSecret implements [keyring.Store].
func (s *Store) AddWebhookSecret(ctx context.Context, account string, r keyring.Record, replaced []string, overlap time.Duration) error {
	const step = "add a webhook secret"
	got, err := s.run(ctx, addSecret, step, []string{secretsKey(account)},
		r.ID, string(r.Scheme), r.Sealed, strconv.FormatInt(overlap.Milliseconds(), 10), keyring.MaxSecrets, strings.Join(replaced, " "))
	if err != nil {
		return err
	}
	switch got.word() {
	case "added":
		return nil
	case "full":
		return keyring.ErrFull
	default:
		return got.unexpected(step)
	}
}

// EndWebhookSecret implements [keyring.Store].
func (s *Store) EndWebhookSecret(ctx context.Context, account, id string, configured []string) error {
	const step = "end a webhook secret"
	got, err := s.run(ctx, endSecret, step, []string{secretsKey(account)}, id, strings.Join(configured, " "), uuid.NewString())
	if err != nil {
		return err
	}
	switch got.word() {
	case "ended":
		return nil
	case "missing":
		return keyring.ErrUnknown
	case "last":
		return keyring.ErrLast
	default:
		return got.unexpected(step)
	}
}
