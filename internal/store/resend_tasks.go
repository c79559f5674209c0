package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Resends are tasks of the dispatchers. Their state is in Redis, so they outlive
// whoever works on them:
//
//	tw:resends                    sorted set, those that run, "<account>:<id>" by when
//	                              they are to be worked next
//	tw:{<account>}:resends        sorted set, ids of those of an account by when they were
//	                              begun
//	tw:{<account>}:resend:<id>    hash, the resend; expires a while after its end
//	tw:{<account>}:working:<id>   string, who works it now; expires

const (
	resendsKey     = "tw:resends"
	resendsKept    = 7 * 24 * time.Hour // after the last change
	resendsKnown   = 50                 // of an account
	resendHeld     = 10 * time.Second   // by who works it, until another one may
	resendsAtATime = 5                  // that run, of an account
)

func resendListKey(account string) string { return "tw:{" + account + "}:resends" }
func resendKey(account, id string) string { return "tw:{" + account + "}:resend:" + id }
func workingKey(account, id string) string {
	return "tw:{" + account + "}:working:" + id
}

// BeginResend keeps a resend that is to be worked from now on. One that it could not
// keep whole runs nevertheless, or never.
func (s *Store) BeginResend(ctx context.Context, r webhook.Resend) error {
	earlier, err := s.Resends(ctx, r.Account)
	if err != nil {
		return err
	}
	running := 0
	for _, e := range earlier {
		if e.State == webhook.ResendRunning {
			running++
		}
	}
	if running >= resendsAtATime {
		return webhook.ErrManyResends
	}
	err = retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.TxPipeline()
		key := resendKey(r.Account, r.ID)
		pipe.HSet(ctx, key, "endpoint", r.Endpoint, "since", micros(r.Since), "until", micros(r.Until), "rate", r.Rate,
			"created", micros(r.Created), "state", string(webhook.ResendRunning), "shard", 0)
		pipe.PExpire(ctx, key, resendsKept)
		pipe.ZAdd(ctx, resendListKey(r.Account), redis.Z{Score: float64(r.Created.UnixMilli()), Member: r.ID})
		pipe.ZRemRangeByRank(ctx, resendListKey(r.Account), 0, -resendsKnown-1)
		pipe.PExpire(ctx, resendListKey(r.Account), resendsKept)
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return fault("keep resend "+r.ID, err)
	}
	return s.DelayResend(ctx, r, time.Now())
}

// Resends returns those of an account, the newest first.
func (s *Store) Resends(ctx context.Context, account string) ([]webhook.Resend, error) {
	ids, err := retry.Value(ctx, func(ctx context.Context) ([]string, error) {
		return s.rdb.ZRevRange(ctx, resendListKey(account), 0, resendsKnown-1).Result()
	})
	if err != nil {
		return nil, fault("list the resends", err)
	}
	all := make([]webhook.Resend, 0, len(ids))
	for _, id := range ids {
		r, err := s.Resend(ctx, account, id)
		if errors.Is(err, webhook.ErrNoResend) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// Resend returns one of the account's, or [webhook.ErrNoResend].
func (s *Store) Resend(ctx context.Context, account, id string) (webhook.Resend, error) {
	f, err := retry.Value(ctx, func(ctx context.Context) (map[string]string, error) {
		return s.rdb.HGetAll(ctx, resendKey(account, id)).Result()
	})
	if err != nil {
		return webhook.Resend{}, fault("read resend "+id, err)
	}
	if f["state"] == "" {
		return webhook.Resend{}, webhook.ErrNoResend
	}
	number := func(field string) int64 { n, _ := strconv.ParseInt(f[field], 10, 64); return n }
	return webhook.Resend{
		ID: id, Account: account, Endpoint: f["endpoint"], Since: fromMicros(number("since")), Until: fromMicros(number("until")),
		Rate: int(number("rate")), State: webhook.ResendState(f["state"]), Created: fromMicros(number("created")),
		Ended: fromMicros(number("ended")), Sent: number("sent"), Shard: int(number("shard")), Dry: numbersIn(f["dry"]),
	}, nil
}

// numbersIn returns the numbers of a text, with blanks between them.
func numbersIn(text string) (all []int) {
	for word := range strings.FieldsSeq(text) {
		n, _ := strconv.Atoi(word)
		all = append(all, n)
	}
	return all
}

// DueResend returns a resend that is to be worked, under a lock that keeps others from
// it for a while, or nil and when one will be; zero if there is none.
func (s *Store) DueResend(ctx context.Context) (*webhook.Resend, time.Time, error) {
	due, err := s.rdb.ZRangeWithScores(ctx, resendsKey, 0, 9).Result()
	if err != nil {
		return nil, time.Time{}, fault("look for resends", err)
	}
	var next time.Time
	for _, z := range due {
		text, _ := z.Member.(string)
		account, id, _ := strings.Cut(text, ":")
		if at := time.UnixMilli(int64(z.Score)); at.After(time.Now()) {
			return nil, earliest(next, at), nil
		}
		free, err := s.rdb.SetNX(ctx, workingKey(account, id), s.process, resendHeld).Result()
		if err != nil {
			return nil, time.Time{}, fault("take resend "+id, err)
		}
		if !free {
			next = earliest(next, time.Now().Add(time.Second))
			continue
		}
		r, err := s.Resend(ctx, account, id)
		if errors.Is(err, webhook.ErrNoResend) || err == nil && r.State != webhook.ResendRunning {
			_ = s.rdb.ZRem(ctx, resendsKey, text).Err() // it is over, and looked at again otherwise
			continue
		}
		if err != nil {
			return nil, time.Time{}, err
		}
		return &r, time.Time{}, nil
	}
	return nil, next, nil
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// AdvanceResend keeps how far a resend is that was worked, and when it goes on: at no
// time if it is done. One that was cancelled stays so.
func (s *Store) AdvanceResend(ctx context.Context, r webhook.Resend, sent int64, done bool, next time.Time) error {
	key := resendKey(r.Account, r.ID)
	pipe := s.rdb.TxPipeline()
	pipe.HIncrBy(ctx, key, "sent", sent)
	pipe.HSet(ctx, key, "shard", r.Shard, "dry", strings.Trim(fmt.Sprint(r.Dry), "[]"))
	pipe.PExpire(ctx, key, resendsKept)
	state := pipe.HGet(ctx, key, "state")
	pipe.Del(ctx, workingKey(r.Account, r.ID))
	if _, err := pipe.Exec(ctx); err != nil {
		return fault("keep how far resend "+r.ID+" is", err)
	}
	if done && state.Val() == string(webhook.ResendRunning) {
		return s.EndResend(ctx, r, webhook.ResendDone)
	}
	if done || state.Val() != string(webhook.ResendRunning) {
		return s.forgetResend(ctx, r)
	}
	return s.DelayResend(ctx, r, next)
}

// DelayResend has a resend be worked from a time on.
func (s *Store) DelayResend(ctx context.Context, r webhook.Resend, at time.Time) error {
	if err := s.rdb.ZAdd(ctx, resendsKey, redis.Z{Score: float64(at.UnixMilli()), Member: r.Account + ":" + r.ID}).Err(); err != nil {
		return fault("have resend "+r.ID+" worked", err)
	}
	return nil
}

// EndResend ends a resend.
func (s *Store) EndResend(ctx context.Context, r webhook.Resend, state webhook.ResendState) error {
	err := retry.Do(ctx, func(ctx context.Context) error {
		return s.rdb.HSet(ctx, resendKey(r.Account, r.ID), "state", string(state), "ended", micros(time.Now())).Err()
	})
	if err != nil {
		return fault("end resend "+r.ID, err)
	}
	return s.forgetResend(ctx, r)
}

func (s *Store) forgetResend(ctx context.Context, r webhook.Resend) error {
	if err := s.rdb.ZRem(ctx, resendsKey, r.Account+":"+r.ID).Err(); err != nil {
		return fault("end resend "+r.ID, err)
	}
	return nil
}
