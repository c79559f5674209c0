package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/turnwise/turnwise/internal/lane"
)

// A panicError is a panic that was recovered.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panicked: %v", e.value) }

// guard makes an error of a panic, which would end the process otherwise.
func guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p, debug.Stack()}
		}
	}()
	return fn()
}

// drain works in a slot, and gives it back whatever happens.
func (l *Pool) drain(ctx context.Context, t *slot, fn func(context.Context) (bool, error)) {
	more, err := l.work(lane.WithSlot(ctx, t), fn)
	how := worked
	if err != nil && ctx.Err() == nil {
		how = failed
	}
	if panicErr, ok := errors.AsType[*panicError](err); ok {
		how = panicked
		l.meter.DrainPanicked(l.kind)
		l.log.LogAttrs(ctx, slog.LevelError, "drain panicked", slog.String("lane", string(l.kind)), slog.Int("shard", t.shard),
			slog.Any("panic", panicErr.value), slog.String("stack", string(panicErr.stack)))
	}
	news := l.schedule.release(t, how)
	l.report(ctx, t.shard, how, news, err)
	if more && err == nil && ctx.Err() == nil {
		l.Ring(ctx, t.shard)
	}
}

func (l *Pool) work(ctx context.Context, fn func(context.Context) (bool, error)) (more bool, err error) {
	ended := l.meter.Working(l.kind)
	defer ended()
	err = guard(func() error {
		more, err = fn(ctx)
		return err
	})
	return more, err
}

// report tells the log how a drain ended: once when the shard goes down, and
// once when it is back.
func (l *Pool) report(ctx context.Context, shard int, how outcome, news bool, err error) {
	about := []slog.Attr{slog.String("lane", string(l.kind)), slog.Int("shard", shard)}
	switch {
	case how == failed:
		level := slog.LevelDebug
		if news {
			level = slog.LevelWarn
		}
		l.log.LogAttrs(ctx, level, "drain broke off", append(about, slog.Any("err", err))...)
	case how == worked && news && ctx.Err() == nil:
		l.log.LogAttrs(ctx, slog.LevelInfo, "drain recovered", about...)
	}
}
