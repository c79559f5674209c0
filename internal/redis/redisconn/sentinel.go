package redisconn

import (
	"time"

	"github.com/redis/go-redis/v9"
)

// sentinelTimeout bounds an answer of a Sentinel. It is far below that of a
// dial, which first asks the Sentinel that answered last who the master is,
// twice, and then all of them.
const sentinelTimeout = 500 * time.Millisecond

// openSentinel returns a client of the master that the Sentinels name.
//
// The library asks Sentinels with the timeouts of the servers. With one that
// does not answer, the whole time of a dial then goes by, and it never gets to
// ask another. It reads the options that it was given each time it connects to
// a Sentinel, but those of the servers just once, here.
func openSentinel(o *redis.UniversalOptions) *redis.Client {
	opts := o.Failover()
	c := redis.NewFailoverClient(opts)
	opts.ReadTimeout = sentinelTimeout
	c.AddHook(deadlineHook{})
	return c
}
