package store_test

import (
	"errors"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

// reply is an error that Redis answered with.
type reply string

func (r reply) Error() string { return string(r) }
func (reply) RedisError()     {}

// What Redis says about itself may pass: callers are asked to come again. What
// it says about a command of ours will not.
func TestWhoIsToBlame(t *testing.T) {
	t.Parallel()

	tests := []struct {
		err         error
		unavailable bool
	}{
		{reply("OOM command not allowed when used memory > 'maxmemory'."), true},
		{reply("READONLY You can't write against a read only replica."), true},
		{reply("NOPERM this user has no permissions to run the 'evalsha' command"), true},
		{reply("ERR max number of clients reached"), true},
		{reply("ERR The user executing the script can't run this command or subcommand"), true},
		{reply("ERR wrong number of arguments for 'hset' command"), false},
		{reply("ERR Error running script: attempt to index a nil value"), false},
		{reply("WRONGTYPE Operation against a key holding the wrong kind of value"), false},
		{errors.New("dial tcp: connection refused"), true},
		{redis.ErrClosed, true},
	}
	for _, tt := range tests {
		t.Run(tt.err.Error(), func(t *testing.T) {
			t.Parallel()
			if got := errors.Is(store.Fault("step", tt.err), jobs.ErrUnavailable); got != tt.unavailable {
				t.Errorf("unavailable: %t, want %t", got, tt.unavailable)
			}
		})
	}
}
