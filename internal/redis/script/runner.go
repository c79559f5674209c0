package script

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/batch"
)

// A Runner runs scripts in a Redis. Those of one moment travel in one round trip. It may be
// used by several goroutines.
type Runner struct {
	set              *Set
	calls            *batch.Scripter
	log              *slog.Logger
	withoutFunctions atomic.Bool // for good, because they were refused
}

// NewRunner returns a Runner on rdb.
func NewRunner(rdb redis.UniversalClient, set *Set, log *slog.Logger) *Runner {
	return &Runner{set: set, calls: batch.New(rdb, 4), log: log}
}

// Run runs a script once and returns its reply. A call without a deadline has the read timeout of the
// client.
//
// A Redis whose memory is full refuses every function. The script is run then, as it
// may begin with commands that such a Redis still grants.
func (r *Runner) Run(ctx context.Context, s *Script, keys []string, args ...any) *redis.Cmd {
	if r.withoutFunctions.Load() {
		return s.eval.Run(ctx, r.calls, keys, args...)
	}
	cmd := r.calls.FCall(ctx, s.function, keys, args...)
	if missing(cmd.Err()) && r.load(ctx, s, keys) {
		cmd = r.calls.FCall(ctx, s.function, keys, args...)
	}
	switch err := cmd.Err(); {
	case refused(err):
		r.refuse(ctx, err)
	case !missing(err) && !redis.HasErrorPrefix(err, "OOM "):
		return cmd
	}
	return s.eval.Run(ctx, r.calls, keys, args...)
}

// load loads the library of a script into the server that holds the keys. It
// reports whether the function can be called now.
func (r *Runner) load(ctx context.Context, s *Script, keys []string) bool {
	err := r.calls.OnServerOf(ctx, keys, func(server redis.Cmdable) error { return server.FunctionLoad(ctx, r.set.libraries[s.function]).Err() })
	if err == nil || redis.HasErrorPrefix(err, "Library '"+s.function+"' already exists") {
		return true
	}
	if refused(err) || redis.HasErrorPrefix(err, "Error ") { // compiling or registering it
		r.refuse(ctx, err)
	}
	return false
}

// refuse has scripts run from now on. That a server has no functions cannot be mended, all
// else can.
func (r *Runner) refuse(ctx context.Context, err error) {
	level := slog.LevelInfo
	if redis.HasErrorPrefix(err, "unknown command") {
		level = slog.LevelDebug
	}
	if !r.withoutFunctions.Swap(true) {
		r.log.LogAttrs(ctx, level, "redis does not take functions, so each call sends a script", slog.Any("err", err))
	}
}

// Tidy looks whether Redis has functions, and deletes those of other versions of Turnwise
// from each server. A process that uses one of them loads it again. What cannot be
// deleted stays, and does no harm.
func (r *Runner) Tidy(ctx context.Context) {
	var err error
	if cluster, several := r.calls.UniversalClient.(*redis.ClusterClient); several {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, server *redis.Client) error { return r.tidy(ctx, server) })
	} else {
		err = r.tidy(ctx, r.calls.UniversalClient)
	}
	if _, answered := errors.AsType[redis.Error](err); answered {
		r.refuse(ctx, err)
	}
}

func (r *Runner) tidy(ctx context.Context, server redis.Cmdable) error {
	libraries, err := server.FunctionList(ctx, redis.FunctionListQuery{LibraryNamePattern: prefix + "*"}).Result()
	for _, l := range libraries {
		if _, ours := r.set.libraries[l.Name]; !ours {
			_ = server.FunctionDelete(ctx, l.Name).Err()
		}
	}
	return err
}

// missing reports whether a server does not have a function. Redis did nothing then.
func missing(err error) bool { return redis.HasErrorPrefix(err, "Function not found") }

// refused reports whether a server has no functions, or not for this user. It did
// nothing then.
func refused(err error) bool {
	if err == nil || !redis.HasErrorPrefix(err, "unknown command") && !redis.HasErrorPrefix(err, "NOPERM ") {
		return false
	}
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "fcall") || strings.Contains(text, "function")
}
