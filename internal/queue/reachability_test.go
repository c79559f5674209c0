package queue_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// While the queue of asynq does not answer, nobody hears what another process
// rings for: shards that do answer are drained unasked, and soon. With the
// first answer of the queue that ends.
func TestQueueThatDoesNotAnswer(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		silent := &silentKeys{prefix: "asynq:{", other: "tw:{turnwise:"}
		rdb.AddHook(silent)
		queue.PauseOnFailure(rdb)
		const down = 5
		var drains [16]atomic.Int64
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{}), drain(func(_ context.Context, shard int) (bool, error) {
			drains[shard].Add(1)
			return false, nil
		}), sweep(func(_ context.Context, _ lane.Kind, shard int) (bool, time.Duration, error) {
			if shard == down {
				return false, 0, errNoAnswer
			}
			return false, 0, nil
		}))
		count := func(d time.Duration) (n [16]int) {
			for shard := range drains {
				drains[shard].Store(0)
			}
			time.Sleep(d)
			for shard := range drains {
				n[shard] = int(drains[shard].Load())
			}
			return n
		}
		equal(t, "drains while the queue answers", count(2*time.Second), [16]int{})

		silent.begin()
		time.Sleep(2500 * time.Millisecond) // until that is noticed: the wait for a ring ends, and the next has no answer
		for shard, n := range count(10 * time.Second) {
			switch {
			case shard == down && n > 0:
				t.Errorf("the shard that does not answer was drained %d times", n)
			case shard != down && (n < 190 || n > 210):
				t.Errorf("shard %d was drained %d times in 10s, want 200", shard, n)
			}
		}

		silent.end()
		time.Sleep(3 * time.Second) // until what waits is answered
		equal(t, "drains once the queue answers again", count(2*time.Second), [16]int{})
	})
}
