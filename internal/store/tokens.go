package store

import (
	"context"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

var _ account.TokenStore = (*Store)(nil)

// Issue implements [account.TokenStore].
func (s *Store) Issue(ctx context.Context, fresh account.Grant, t account.Terms) (account.Grant, time.Duration, error) {
	const step = "issue a token"
	got, err := s.run(ctx, issueToken, step, []string{tokensKey(fresh.Account, fresh.App)},
		fresh.ID, fresh.Key, int64(t.Life.Seconds()), int64(t.Least.Seconds()), " "+strings.Join(t.Keys, " ")+" ")
	if err != nil {
		return account.Grant{}, 0, err
	}
	if w := got.word(); w != "issued" && w != "kept" {
		return account.Grant{}, 0, got.unexpected(step)
	}
	g := account.Grant{
		ID: got.text(1), Account: fresh.Account, App: fresh.App, Key: got.text(2),
		IssuedAt: time.Unix(got.number(3), 0).UTC(), ExpiresAt: time.Unix(got.number(4), 0).UTC(),
	}
	return g, g.ExpiresAt.Sub(time.Unix(got.number(5), 0)), nil
}

// InForce implements [account.TokenStore].
func (s *Store) InForce(ctx context.Context, g account.Grant) (bool, error) {
	known, err := retry.Value(ctx, func(ctx context.Context) (bool, error) {
		return s.rdb.HExists(ctx, tokensKey(g.Account, g.App), "t:"+g.ID).Result()
	})
	if err != nil {
		return false, fault("look for a token", err)
	}
	return known, nil
}

// Revoke implements [account.TokenStore].
func (s *Store) Revoke(ctx context.Context, g account.Grant) error {
	err := retry.Do(ctx, func(ctx context.Context) error {
		return s.rdb.HDel(ctx, tokensKey(g.Account, g.App), "t:"+g.ID).Err()
	})
	if err != nil {
		return fault("revoke a token", err)
	}
	return nil
}
