package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"
)

// A DeniedError reports that Redis answers but does not let its user run a
// command that the scripts need.
type DeniedError struct{ Command string }

func (e *DeniedError) Error() string {
	return fmt.Sprintf("the user of Redis may not run %s", e.Command)
}

// A PartError reports that some of the servers of a Cluster fail a [Store.Probe].
type PartError struct {
	Failed, Asked int
	Err           error // of the first one
}

func (e *PartError) Error() string {
	return fmt.Sprintf("%d of %d servers of the Cluster: %v", e.Failed, e.Asked, e.Err)
}

// Unwrap returns the error of the first server.
func (e *PartError) Unwrap() error { return e.Err }

// Probe asks every server that holds shards for what an append needs, without
// changing anything, and returns the first refusal; of a Cluster, within a
// [PartError]. With room it matters that the memory has room, as it does to those who
// accept jobs, but not to those who work off what there is.
func (s *Store) Probe(ctx context.Context, room bool) error {
	args := append([]any{boolArg(room)}, needed()...)
	asked := s.onePerServer(ctx)
	answers := make([]error, len(asked))
	var wg sync.WaitGroup
	for n, shard := range asked {
		wg.Go(func() { answers[n] = s.probe(ctx, shard, args) })
	}
	wg.Wait()
	failed := slices.DeleteFunc(answers, func(err error) bool { return err == nil })
	switch {
	case len(failed) == 0:
		return nil
	case len(asked) == 1:
		return failed[0]
	default:
		return &PartError{Failed: len(failed), Asked: len(asked), Err: failed[0]}
	}
}

// probe asks the server of one shard. It sends the script by itself: what it
// is to find out is whether that works, not whether it works in company.
func (s *Store) probe(ctx context.Context, shard int, args []any) error {
	step := fmt.Sprintf("probe shard %d", shard)
	got, err := probe.Eval(ctx, s.rdb, []string{keysOf(shard).probe()}, args...).Slice()
	if err != nil {
		return fault(step, err)
	}
	switch r := reply(got); r.word() {
	case "fit":
		return nil
	case "denied":
		return fmt.Errorf("%s: %w", step, &DeniedError{Command: r.text(1)})
	default:
		return r.unexpected(step)
	}
}

// onePerServer returns one shard for each server that holds some.
func (s *Store) onePerServer(ctx context.Context) []int {
	var shards []int
	for _, of := range s.byServer(ctx) {
		shards = append(shards, of[0])
	}
	return shards
}

// byServer returns the shards of each server that holds some. Shards of which
// the client does not know where they are stand together, so that asking them
// tells what is wrong.
func (s *Store) byServer(ctx context.Context) map[string][]int {
	servers := make(map[string][]int)
	cluster, several := s.rdb.(*redis.ClusterClient)
	for n := range s.opts.Shards {
		addr := ""
		if several {
			if master, err := cluster.MasterForKey(ctx, keysOf(n).probe()); err == nil {
				addr = master.Options().Addr
			}
		}
		servers[addr] = append(servers[addr], n)
	}
	return servers
}

// needed lists the commands of the scripts.
func needed() []any {
	return []any{
		"COPY", "DEL", "EXISTS", "EXPIREAT", "GET", "HDEL", "HEXISTS", "HGET", "HGETALL", "HINCRBY", "HKEYS", "HLEN", "HMGET",
		"HSET", "HSETNX", "HSTRLEN", "LINDEX", "LLEN", "LPOP", "LRANGE", "LSET", "LTRIM", "PERSIST", "PEXPIRE", "RENAME", "RPUSH",
		"SET", "TIME", "UNLINK", "XADD", "ZADD", "ZCARD", "ZCOUNT", "ZRANGE", "ZRANGEBYSCORE", "ZREM", "ZREMRANGEBYRANK", "ZREMRANGEBYSCORE",
		"ZSCORE",
	}
}
