package redisconn

import (
	"context"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// A Gate stands between clients and Redis. While it is shut it refuses every
// command, so that nothing is read or written. The zero value is open.
type Gate struct{ shut atomic.Pointer[shutError] }

// Guard puts the gate before clients. Its hook comes after those that they
// have already.
func (g *Gate) Guard(clients ...redis.UniversalClient) {
	for _, c := range clients {
		c.AddHook(g)
	}
}

// Shut refuses commands from now on, for the reason.
func (g *Gate) Shut(reason error) { g.shut.Store(&shutError{reason}) }

// Open lets commands through.
func (g *Gate) Open() { g.shut.Store(nil) }

// PastGate returns a context whose commands pass a gate that is shut: those
// that find out whether it may be opened.
func PastGate(ctx context.Context) context.Context { return context.WithValue(ctx, passKey{}, true) }

type passKey struct{}

// refuse returns why a command may not pass, or nil.
func (g *Gate) refuse(ctx context.Context) error {
	if err := g.shut.Load(); err != nil && ctx.Value(passKey{}) == nil {
		return err
	}
	return nil
}

// DialHook implements [redis.Hook].
func (g *Gate) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements [redis.Hook].
func (g *Gate) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if err := g.refuse(ctx); err != nil {
			cmd.SetErr(err)
			return err
		}
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements [redis.Hook].
func (g *Gate) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if err := g.refuse(ctx); err != nil {
			for _, cmd := range cmds {
				cmd.SetErr(err)
			}
			return err
		}
		return next(ctx, cmds)
	}
}

// A shutError is to those who ask again and again what a connection is that
// cannot be made, so that they wait in between, and to those who repeat what
// was not heard a reply, so that they do not.
type shutError struct{ reason error }

func (e *shutError) Error() string   { return "nothing is asked of Redis: " + e.reason.Error() }
func (e *shutError) Unwrap() error   { return e.reason }
func (e *shutError) Timeout() bool   { return false }
func (e *shutError) Temporary() bool { return true }

// RedisError implements [redis.Error].
func (*shutError) RedisError() {}
