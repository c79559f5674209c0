package queue

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// quietAfter is how long asynq reports nothing once it works again. While it does
// not, its servers report something every few seconds.
const quietAfter = 15 * time.Second

// asynqLog passes on what asynq has to say: the first of its complaints, then
// that they have ended. Those in between are for debugging, because while
// Redis is away each part of each server repeats its own. A wake-up that asynq
// cannot handle is no harm, so nothing of it is an error here.
type asynqLog struct {
	log  *slog.Logger
	lane slog.Attr

	mu  sync.Mutex
	end *time.Timer // running while there are complaints
}

func (l *asynqLog) Debug(args ...any) { l.write(slog.LevelDebug, args) }
func (l *asynqLog) Info(args ...any)  { l.write(slog.LevelDebug, args) }
func (l *asynqLog) Warn(args ...any)  { l.complain(slog.LevelWarn, args) }
func (l *asynqLog) Error(args ...any) { l.complain(slog.LevelWarn, args) }
func (l *asynqLog) Fatal(args ...any) { l.write(slog.LevelError, args) }

func (l *asynqLog) complain(level slog.Level, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.end != nil && l.end.Stop() {
		level = slog.LevelDebug
	}
	l.end = time.AfterFunc(quietAfter, func() {
		l.log.LogAttrs(context.Background(), slog.LevelInfo, "asynq recovered", l.lane)
	})
	l.write(level, args)
}

// close ends the wait for a recovery.
func (l *asynqLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.end != nil {
		l.end.Stop()
	}
}

func (l *asynqLog) write(level slog.Level, args []any) {
	l.log.LogAttrs(context.Background(), level, "asynq reported", l.lane, slog.String("report", fmt.Sprint(args...)))
}
