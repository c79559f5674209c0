package bench

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// away returns the Redis of the bench as it is seen from afar.
func (b *bench) away(ctx context.Context) (far *server, err error) {
	client, ok := b.server.rdb.(*redis.Client)
	if !ok || client.Options().TLSConfig != nil {
		return nil, skip("it needs a single Redis without TLS")
	}
	opts := client.Options()
	addr, end, err := b.help(ctx, roleNetwork+opts.Network+":"+opts.Addr)
	if err != nil {
		return nil, err
	}
	if far, err = openServer("redis://" + addr); err != nil {
		end()
		return nil, err
	}
	far.end, far.shards = end, b.opts.Shards
	return far, nil
}

// backlogAway submits a backlog nearby, and drains it from afar.
func (b *bench) backlogAway(ctx context.Context) (outcome, error) {
	far, err := b.away(ctx)
	if err != nil {
		return outcome{}, err
	}
	defer far.close()
	near, err := newSystem(ctx, b.server)
	if err != nil {
		return outcome{}, err
	}
	defer near.close()
	f := batch{conversations: b.count(1000), each: 10}
	ids, err := near.submitAll(ctx, f)
	if err != nil {
		return outcome{}, err
	}
	s, err := newSystem(ctx, far)
	if err != nil {
		return outcome{}, err
	}
	defer s.close()
	ping, err := pingsOf(ctx, far)
	if err != nil {
		return outcome{}, err
	}
	took, err := s.workAll(ctx, far, f.jobs())
	if err != nil {
		return outcome{}, err
	}
	took.Violations, err = near.check(ctx, ids, f.each)
	return outcome{
		runs:    []measured{{section: Away, name: "backlog, 1,000 conversations", Sample: took}},
		figures: []Figure{ping},
	}, err
}

// asynqAway drains plain tasks from afar. They are few, because asynq fetches
// one in each round trip.
func (b *bench) asynqAway(ctx context.Context) (outcome, error) {
	far, err := b.away(ctx)
	if err != nil {
		return outcome{}, err
	}
	defer far.close()
	n := b.count(1000)
	if err := newPlainRun(b.server, n).fill(ctx); err != nil {
		return outcome{}, err
	}
	took, err := newPlainRun(far, n).work(ctx, 50, func(context.Context) error { return nil })
	return outcome{runs: []measured{{section: Away, name: "asynq, concurrency 50", baseline: true, Sample: took}}}, err
}
