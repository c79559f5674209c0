package queue

import (
	"context"
	"fmt"
	"log/slog"
)

// asynqLog passes on what asynq has to say. A wake-up that asynq cannot handle
// is no harm, so nothing of it is an error here.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.write(slog.LevelDebug, args) }
func (l asynqLog) Info(args ...any)  { l.write(slog.LevelDebug, args) }
func (l asynqLog) Warn(args ...any)  { l.write(slog.LevelWarn, args) }
func (l asynqLog) Error(args ...any) { l.write(slog.LevelWarn, args) }
func (l asynqLog) Fatal(args ...any) { l.write(slog.LevelError, args) }

func (l asynqLog) write(level slog.Level, args []any) {
	l.log.LogAttrs(context.Background(), level, "asynq reported", slog.String("report", fmt.Sprint(args...)))
}
