package embedded

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/private"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

// recordEvery is how often the record follows the append-only file. What is
// written in between, and then taken away while nobody runs, is not missed.
const recordEvery = 100 * time.Millisecond

// A recorder keeps the [record] up to date while the server runs.
type recorder struct {
	dir    string // data directory
	server redis.UniversalClient
	file   *os.File
	log    *slog.Logger

	last record
	told string // what is missing, as it was logged
}

// startRecorder begins with the files as they are. Stop ends it with a last look.
func startRecorder(opts Options, address string) (stop func(), err error) {
	data, err := private.OpenDir(opts.Dir)
	if err != nil {
		return nil, err
	}
	defer data.Close() //nolint:errcheck // its files are closed
	file, err := data.Open(recordName, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	server, err := redisconn.Open(address)
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	k := &recorder{dir: filepath.Join(opts.Dir, subdir), server: server, file: file, log: opts.Log}
	k.record(context.Background())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for sleep(ctx, recordEvery) {
			k.record(ctx)
		}
	}()
	return func() {
		cancel()
		<-done
		k.record(context.Background())
		k.close()
	}, nil
}

// look writes the record anew if the files have changed. The server answers
// only after it has synced what it wrote before, so once it does, the sizes
// that were seen before are on disk.
func (k *recorder) record(ctx context.Context) {
	now := time.Now()
	parts, err := readParts(k.dir)
	if err != nil {
		return // a rewrite was in the middle of it
	}
	missing := lost(k.last.Parts, parts)
	k.logLoss(missing)
	if missing != "" || slices.Equal(parts, k.last.Parts) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if k.server.Ping(ctx).Err() != nil {
		return // what the record says stays true
	}
	r := record{At: now.UTC(), Parts: parts}
	if err := r.writeTo(k.file); err != nil {
		k.log.Warn("record of the embedded redis's files was not written", slog.Any("err", err))
		return
	}
	k.last = r
}

// logLoss logs what is missing, when that changes.
func (k *recorder) logLoss(missing string) {
	switch {
	case missing == k.told:
	case missing != "":
		k.log.Error("embedded redis lost files that it needs at its next start", slog.String("missing", missing))
	default:
		k.log.Info("embedded redis has its files again")
	}
	k.told = missing
}

func (k *recorder) close() {
	err := k.file.Sync()
	if closed := k.file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		k.log.Warn("record of the embedded redis's files was not written", slog.Any("err", err))
	}
	_ = k.server.Close() // it only served to ask
}
