package redisconn

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// SendLogsTo sends what the Redis library has to say, such as one line per
// connection that was refused, to log at debug level instead of stderr. The
// library has one logger per process, so only main may call it. Failures are
// reported where the error is handled.
func SendLogsTo(log *slog.Logger) { redis.SetLogger(adapter{log}) }

type adapter struct{ log *slog.Logger }

// Printf is called by the library.
func (a adapter) Printf(ctx context.Context, format string, args ...any) {
	if a.log.Enabled(ctx, slog.LevelDebug) {
		a.log.DebugContext(ctx, "redis client spoke", slog.String("text", fmt.Sprintf(format, args...)))
	}
}
