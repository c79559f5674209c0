package bench

import "context"

// memory measures what jobs and messages take in Redis beyond their own bytes.
// Those of a job are its request's, as it comes in over HTTP; those of a message
// are its text's.
func (b *bench) memory(ctx context.Context) (outcome, error) {
	var o outcome
	figure := func(name string, bytes float64, violations int) {
		o.figures = append(o.figures, Figure{Section: Memory, Name: name, Value: bytes, Unit: "B", Violations: violations})
	}
	n := b.count(20000)
	task, err := b.taken(ctx, func() error { return newPlainRun(b.server, n).fill(ctx) })
	if err != nil {
		return o, err
	}
	figure("a plain asynq task that waits, above its payload", task/float64(n)-float64(len(message(n))), 0)

	pending, err := b.pendingAlone(ctx, n)
	if err != nil {
		return o, err
	}
	request := float64(len(body(1)))
	figure("a job that waits, above its request, in a new conversation each", pending-request, 0)

	one, err := b.stored(ctx, batch{conversations: b.count(1000), each: 20})
	if err != nil {
		return o, err
	}
	const many = 11
	several, err := b.stored(ctx, batch{conversations: b.count(1000), each: 2, messages: many})
	if err != nil {
		return o, err
	}
	text := (several.finished - one.finished) / (many - 1)
	figure("a job that waits, above its request, in a conversation that there was", one.pending-request, one.violations)
	figure("a job that is finished, without its message", one.finished-text, several.violations)
	figure("a message that is stored, above its text", text-float64(len(message(1))), 0)
	return o, nil
}

// taken returns how many more bytes Redis has in use after fn.
func (b *bench) taken(ctx context.Context, fn func() error) (float64, error) {
	before, err := readRedis(ctx, b.server.rdb)
	if err != nil {
		return 0, err
	}
	if err := fn(); err != nil {
		return 0, err
	}
	after, err := readRedis(ctx, b.server.rdb)
	return after.minus(before).memory, err
}

// pendingAlone returns the bytes per job of n jobs that wait, each in a new
// conversation.
func (b *bench) pendingAlone(ctx context.Context, n int) (float64, error) {
	if err := b.flush(ctx); err != nil {
		return 0, err
	}
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return 0, err
	}
	defer s.close()
	if _, err := s.submitAll(ctx, batch{conversations: producers, each: 1}); err != nil { // loads scripts and connections
		return 0, err
	}
	bytes, err := b.taken(ctx, func() error {
		_, err := s.submitAll(ctx, batch{conversations: n, each: 1})
		return err
	})
	return bytes / float64(n), err
}

// keeping is what a job takes, in bytes: while it waits, and finished with its
// messages.
type keeping struct {
	pending, finished float64
	violations        int
}

// stored submits jobs to conversations that there are, and works them.
func (b *bench) stored(ctx context.Context, f batch) (keeping, error) {
	if err := b.flush(ctx); err != nil {
		return keeping{}, err
	}
	first := batch{conversations: f.conversations, each: 1, messages: f.messages}
	ids, err := b.worked(ctx, first)
	if err != nil {
		return keeping{}, err
	}
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return keeping{}, err
	}
	defer s.close()
	before, err := readRedis(ctx, b.server.rdb)
	if err != nil {
		return keeping{}, err
	}
	var pending redisFigures
	if err := s.appendAll(ctx, ids, 1, f); err != nil {
		return keeping{}, err
	}
	if pending, err = readRedis(ctx, b.server.rdb); err != nil {
		return keeping{}, err
	}
	if err := s.work(ctx, func(ctx context.Context) error { return s.counter.wait(ctx, f.jobs()) }); err != nil {
		return keeping{}, err
	}
	finished, err := readRedis(ctx, b.server.rdb)
	if err != nil {
		return keeping{}, err
	}
	k := keeping{
		pending:  pending.minus(before).memory / float64(f.jobs()),
		finished: finished.minus(before).memory / float64(f.jobs()),
	}
	k.violations, err = s.check(ctx, ids, max(f.messages, 1)*(f.each+1))
	return k, err
}

// worked submits jobs and works them.
func (b *bench) worked(ctx context.Context, f batch) (ids []string, err error) {
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if ids, err = s.submitAll(ctx, f); err != nil {
		return nil, err
	}
	return ids, s.work(ctx, func(ctx context.Context) error { return s.counter.wait(ctx, f.jobs()) })
}
