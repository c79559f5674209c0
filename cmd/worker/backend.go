package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/embedded"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/telemetry"
)

// A backend is the Redis that the process works on.
type backend struct {
	url   string
	words string                // which Redis this is, and what that means for the data
	rdb   redis.UniversalClient // for the store
	wake  redis.UniversalClient // for asynq, pauses after failures
	gate  redisconn.Gate        // before both of them
	own   *embedded.Server      // nil if the Redis is the operator's
	inUse bool                  // the clients still are, so they end with the process

	warned []string // of how Redis is set up
}

// openBackend connects to the Redis of the settings, or starts one, and
// refuses one that would lose data by design.
func openBackend(ctx context.Context, s settings.Settings, log *slog.Logger) (b *backend, err error) {
	b = &backend{url: s.RedisURL, words: redisconn.Redact(s.RedisURL)}
	if b.url == "" {
		b.own, err = embedded.Start(ctx, embedded.Options{
			Dir: s.DataDir, Mode: embedded.Mode(s.Embedded), AllowLoss: s.AllowDataLoss, Log: log,
		})
		if err != nil {
			return nil, err
		}
		b.url, b.words = b.own.URL(), b.own.Describe()
	}
	defer func() {
		if err != nil {
			b.close(log)
		}
	}()
	if b.rdb, err = redisconn.Open(b.url); err != nil {
		return b, err
	}
	if b.wake, err = redisconn.Open(b.url); err != nil {
		return b, err
	}
	queue.PauseOnFailure(b.wake)
	b.gate.Guard(b.rdb, b.wake)
	report, err := b.inspect(ctx)
	if err != nil {
		return b, err
	}
	if err := report.Refuse(s.AllowEviction); err != nil {
		return b, err
	}
	b.warn(ctx, report, log)
	return b, nil
}

// openStore opens a store on the backend. Where the data that are refused are those of
// an earlier try-out, the error says where they lie.
func openStore(ctx context.Context, st *store.Store, b *backend, dataDir string) error {
	err := st.Open(ctx)
	if errors.Is(err, store.ErrLayout) && b.own != nil {
		return fmt.Errorf("%w. The embedded Redis keeps them in %s: move that directory away to begin anew, or choose another data_dir (--data-dir, TURNWISE_DATA_DIR)",
			err, filepath.Join(dataDir, "redis"))
	}
	return err
}

// inspect is the first request to Redis. An error says what is wrong with the
// connection, because it is read by whoever starts the process.
func (b *backend) inspect(ctx context.Context) (redisconn.Report, error) {
	report, err := redisconn.Inspect(ctx, b.rdb)
	if err != nil {
		return report, fmt.Errorf("look at Redis: %w", redisconn.Diagnose(ctx, b.url, err))
	}
	return report, nil
}

// warn tells what is wrong with how Redis is set up and was not told before.
func (b *backend) warn(ctx context.Context, report redisconn.Report, log *slog.Logger) {
	warnings := report.Warnings()
	for _, w := range warnings {
		if !slices.Contains(b.warned, w) {
			log.LogAttrs(ctx, slog.LevelWarn, "redis may lose data", slog.String("warning", w))
		}
	}
	b.warned = warnings
}

// inspectEvery is how often the configuration of Redis is looked at.
const inspectEvery = 10 * time.Second

// watch looks how Redis is set up, now and again and again, because somebody
// may change that while we run. It ends with ctx.
func (b *backend) watch(ctx context.Context, metrics *telemetry.Metrics, log *slog.Logger) error {
	tick := time.NewTicker(inspectEvery)
	defer tick.Stop()
	var known redisconn.Durability
	for {
		report, err := redisconn.Inspect(ctx, b.rdb)
		if err == nil {
			now := report.Durability()
			metrics.RedisDurability(telemetry.Durability(now))
			metrics.RedisMayEvict(report.MayEvict())
			b.warn(ctx, report, log)
			if now != known {
				log.LogAttrs(ctx, slog.LevelInfo, "redis inspected", slog.String("durability", string(now)), slog.String("before", string(known)))
			}
			known = now
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// close ends everything that openBackend began.
func (b *backend) close(log *slog.Logger) {
	for _, c := range []redis.UniversalClient{b.rdb, b.wake} {
		if c == nil || b.inUse {
			continue
		}
		if err := c.Close(); err != nil {
			log.LogAttrs(context.Background(), slog.LevelWarn, "redis client did not close", slog.Any("err", err))
		}
	}
	if b.own == nil {
		return
	}
	if err := b.own.Close(); err != nil {
		log.LogAttrs(context.Background(), slog.LevelError, "embedded redis did not stop", slog.Any("err", err))
	}
}
