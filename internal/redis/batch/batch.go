// Package batch sends to Redis together what many callers ask of it at the same
// moment: scripts and looks at sorted sets in one round trip, and what one script can
// do at once in one call of it. It knows nothing of what the scripts do.
package batch

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// How round trips to one server are made, see [Options].
const (
	maxCalls    = 100
	maxUnderWay = 32
)

// A Scripter is a [redis.Scripter] for many callers at once, which calls functions, too,
// and reads sorted sets. What they ask at the same moment travels in one round trip, as
// the requests of a [Group] whose keys are the servers. Each is still a command of its
// own with its own reply, so a script that Redis does not know is loaded and sent again
// without the others.
//
// A call without a deadline has the read timeout of the client.
//
// On a Cluster each master has round trips of its own. A call that a master
// refuses, because the slot has moved or is about to, is sent again alone
// through the client of the whole Cluster.
type Scripter struct {
	redis.UniversalClient // for what is no call of a script

	timeout time.Duration // of a call without a deadline
	trips   *Group[redis.UniversalClient, redis.Cmder, struct{}]
}

// New returns a Scripter on rdb. Calls wait for each other, and gather, while so many
// round trips to their server are under way.
func New(rdb redis.UniversalClient, onTime int) *Scripter {
	s := &Scripter{
		UniversalClient: rdb, timeout: 2 * time.Second,
		trips: NewGroup(send, Options[redis.Cmder, struct{}]{Most: maxCalls, OnTime: onTime, UnderWay: maxUnderWay}),
	}
	switch c := rdb.(type) {
	case *redis.Client:
		s.timeout = c.Options().ReadTimeout
	case *redis.ClusterClient:
		s.timeout = c.Options().ReadTimeout
	}
	return s
}

// EvalSha implements [redis.Scripter].
func (s *Scripter) EvalSha(ctx context.Context, sha1 string, keys []string, args ...any) *redis.Cmd {
	return s.call(ctx, "evalsha", sha1, keys, args)
}

// Eval implements [redis.Scripter].
func (s *Scripter) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	return s.call(ctx, "eval", script, keys, args)
}

// FCall calls a function that Redis has.
func (s *Scripter) FCall(ctx context.Context, function string, keys []string, args ...any) *redis.Cmd {
	return s.call(ctx, "fcall", function, keys, args)
}

// call sends one call and waits for its reply or the end of its time.
func (s *Scripter) call(ctx context.Context, name, script string, keys []string, args []any) *redis.Cmd {
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.timeout)
		defer cancel()
	}
	cmd := scriptCmd(ctx, name, script, keys, args)
	if err := s.together(ctx, keys, cmd); err != nil {
		ended := redis.NewCmd(ctx, name) // not cmd, which the trip may be about to fill
		ended.SetErr(err)
		return ended
	}
	return cmd
}

// Range returns the first so many members of a sorted set, with their scores. The context
// has a deadline.
func (s *Scripter) Range(ctx context.Context, key string, count int) ([]redis.Z, error) {
	cmd := redis.NewZSliceCmd(ctx, "zrange", key, 0, count-1, "withscores")
	if err := s.together(ctx, []string{key}, cmd); err != nil {
		return nil, err
	}
	return cmd.Result()
}

// together sends a command of those keys, with others, until it has its reply or the time
// of its context has ended. If there is an error, the command may be filled later.
func (s *Scripter) together(ctx context.Context, keys []string, cmd redis.Cmder) error {
	server, err := s.serverOf(ctx, keys)
	if err == nil {
		_, err = s.trips.Do(ctx, server, cmd)
	}
	if err != nil {
		return err
	}
	if server != s.UniversalClient && elsewhere(cmd.Err()) {
		_ = s.Process(ctx, cmd) // its error is that of the command
	}
	return nil
}

func scriptCmd(ctx context.Context, name, script string, keys []string, args []any) *redis.Cmd {
	all := make([]any, 0, 3+len(keys)+len(args))
	all = append(all, name, script, len(keys))
	for _, k := range keys {
		all = append(all, k)
	}
	cmd := redis.NewCmd(ctx, append(all, args...)...)
	if len(keys) > 0 {
		cmd.SetFirstKeyPos(3)
	}
	return cmd
}

// OnServerOf does something at the server that holds the keys of a call.
func (s *Scripter) OnServerOf(ctx context.Context, keys []string, do func(redis.Cmdable) error) error {
	server, err := s.serverOf(ctx, keys)
	if err != nil {
		return err
	}
	return do(server)
}

// serverOf returns whom to send a call to: of a Cluster, the master that is
// known to hold the key.
func (s *Scripter) serverOf(ctx context.Context, keys []string) (redis.UniversalClient, error) {
	cluster, ok := s.UniversalClient.(*redis.ClusterClient)
	if !ok || len(keys) == 0 {
		return s.UniversalClient, nil
	}
	return cluster.MasterForKey(ctx, keys[0])
}

// send runs the commands in one round trip. Their errors are theirs.
func send(ctx context.Context, server redis.UniversalClient, cmds []redis.Cmder) ([]struct{}, error) {
	answered := make([]struct{}, len(cmds))
	if len(cmds) == 1 {
		_ = server.Process(ctx, cmds[0])
		return answered, nil
	}
	pipe := server.Pipeline()
	if err := pipe.BatchProcess(ctx, cmds...); err != nil {
		return nil, err
	}
	_, _ = pipe.Exec(ctx)
	return answered, nil
}

// elsewhere reports whether a server refused a call, without any effect, that
// another server may accept, or the same one a moment later.
func elsewhere(err error) bool {
	if err == nil {
		return false
	}
	for _, prefix := range []string{"MOVED ", "ASK ", "TRYAGAIN ", "CLUSTERDOWN "} {
		if redis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	return errors.Is(err, redis.ErrClosed) // the server has left the Cluster
}
