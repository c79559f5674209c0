package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// How batches travel.
const (
	batchMost  = 100                   // calls in one
	batchesOut = 4                     // under way to one server before further calls wait and gather
	batchLate  = 50 * time.Millisecond // one that takes longer is late, and no longer counts among those
	batchesMax = 32                    // under way to one server, late ones too
)

// A batcher sends the scripts that are called at the same moment in one round
// trip. Each is still a command of its own with its own reply, so one that
// Redis does not know is loaded and sent again without the others. A lone call
// is not delayed.
//
// A call returns when its own context ends, whatever the batch it travels in
// waits for; then nobody knows whether it took effect. A call whose context
// ends before its batch has begun is not sent. One without a deadline has that
// of the client.
//
// On a Cluster, each master has batches of its own, so that one that does not
// answer holds up no call to another. A call that a master refuses, because
// the slot has moved or is about to, is sent again alone, by way of the client
// that knows where to.
type batcher struct {
	redis.UniversalClient // for what is no call of a script

	timeout time.Duration // of a call without a deadline
	timers  sync.Pool     // of such calls

	mu    sync.Mutex
	lines map[redis.UniversalClient]*batchLine // by server; one that is idle has none
}

// batchLine holds the calls to one server.
type batchLine struct {
	server  redis.UniversalClient
	waiting []*scriptCall
	out     int // batches under way that are not late
	late    int // and those that are
}

// A scriptCall is one call of a script on its way.
type scriptCall struct {
	ctx      context.Context //nolint:containedctx // that of the caller, who waits; a batch carries several
	deadline time.Time       // that of ctx, or the client's
	cmd      *redis.Cmd      // nil once the caller has left
	done     chan struct{}   // closed when cmd has its reply
}

// newBatcher returns a batcher on rdb.
func newBatcher(rdb redis.UniversalClient) *batcher {
	b := &batcher{UniversalClient: rdb, timeout: 2 * time.Second, lines: make(map[redis.UniversalClient]*batchLine)}
	switch c := rdb.(type) {
	case *redis.Client:
		b.timeout = c.Options().ReadTimeout
	case *redis.ClusterClient:
		b.timeout = c.Options().ReadTimeout
	}
	return b
}

// EvalSha implements [redis.Scripter].
func (b *batcher) EvalSha(ctx context.Context, sha1 string, keys []string, args ...any) *redis.Cmd {
	return b.call(ctx, "evalsha", sha1, keys, args)
}

// Eval implements [redis.Scripter].
func (b *batcher) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	return b.call(ctx, "eval", script, keys, args)
}

// call sends one call and waits for its reply or the end of its time.
func (b *batcher) call(ctx context.Context, name, script string, keys []string, args []any) *redis.Cmd {
	cmd := scriptCmd(ctx, name, script, keys, args)
	server, err := b.serverOf(ctx, keys)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		cmd.SetErr(err)
		return cmd
	}
	c := &scriptCall{ctx: ctx, cmd: cmd, done: make(chan struct{})}
	var expired <-chan time.Time
	deadline, limited := ctx.Deadline()
	if c.deadline = deadline; !limited {
		c.deadline = time.Now().Add(b.timeout)
		timer := b.timer()
		defer b.timers.Put(timer)
		defer timer.Stop()
		expired = timer.C
	}
	b.put(server, c)
	select {
	case <-c.done:
		return cmd
	case <-ctx.Done():
		err = ctx.Err()
	case <-expired:
		err = context.DeadlineExceeded
	}
	b.leave(c)
	ended := redis.NewCmd(ctx, name) // not cmd, which the batch may be about to fill
	ended.SetErr(err)
	return ended
}

// timer returns one that goes off after the client's timeout.
func (b *batcher) timer() *time.Timer {
	if t, ok := b.timers.Get().(*time.Timer); ok {
		t.Reset(b.timeout)
		return t
	}
	return time.NewTimer(b.timeout)
}

func scriptCmd(ctx context.Context, name, script string, keys []string, args []any) *redis.Cmd {
	all := make([]any, 0, 3+len(keys)+len(args))
	all = append(all, name, script, len(keys))
	for _, k := range keys {
		all = append(all, k)
	}
	cmd := redis.NewCmd(ctx, append(all, args...)...)
	if len(keys) > 0 {
		cmd.SetFirstKeyPos(3)
	}
	return cmd
}

// serverOf returns whom to send a call to: of a Cluster, the master that is
// known to hold the key.
func (b *batcher) serverOf(ctx context.Context, keys []string) (redis.UniversalClient, error) {
	cluster, ok := b.UniversalClient.(*redis.ClusterClient)
	if !ok || len(keys) == 0 {
		return b.UniversalClient, nil
	}
	return cluster.MasterForKey(ctx, keys[0])
}

// put hands a call over, to a batch of its own unless enough are under way.
func (b *batcher) put(server redis.UniversalClient, c *scriptCall) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.lines[server]
	if l == nil {
		l = &batchLine{server: server}
		b.lines[server] = l
	}
	l.waiting = append(l.waiting, c)
	b.begin(l)
}

// begin sends another batch if there is room. The caller holds the lock.
func (b *batcher) begin(l *batchLine) {
	if len(l.waiting) > 0 && l.out < batchesOut && l.out+l.late < batchesMax {
		l.out++
		go b.work(l)
	}
}

// leave takes back a call that was not sent yet.
func (b *batcher) leave(c *scriptCall) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.cmd = nil
}

// work sends batches until no call waits, or one of them was late.
func (b *batcher) work(l *batchLine) {
	for {
		b.mu.Lock()
		batch, cmds := l.take()
		if len(batch) == 0 {
			l.out--
			b.forget(l)
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
		if b.exchange(l, batch, cmds) {
			return
		}
	}
}

// take returns the calls of the next batch, without those that nobody waits
// for any more.
func (l *batchLine) take() (batch []*scriptCall, cmds []redis.Cmder) {
	most := min(len(l.waiting), batchMost)
	if most == 0 {
		return nil, nil
	}
	batch, cmds = make([]*scriptCall, 0, most), make([]redis.Cmder, 0, most)
	n := 0
	for ; n < len(l.waiting) && len(batch) < batchMost; n++ {
		c := l.waiting[n]
		if c.cmd == nil || c.ctx.Err() != nil {
			continue
		}
		batch, cmds = append(batch, c), append(cmds, c.cmd)
	}
	l.waiting = slices.Delete(l.waiting, 0, n)
	return batch, cmds
}

// exchange sends a batch and gives each call its reply. It reports whether the
// batch was late, and so no longer has a place among those that count.
func (b *batcher) exchange(l *batchLine, batch []*scriptCall, cmds []redis.Cmder) (late bool) {
	ctx, cancel := context.WithDeadline(context.Background(), latest(batch))
	defer cancel()
	var back bool // guarded by b.mu, as is late
	timer := time.AfterFunc(batchLate, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if !back {
			late = true
			l.out--
			l.late++
			b.begin(l)
		}
	})
	send(ctx, l.server, cmds)
	for n, c := range batch {
		if b.ofCluster(l) && elsewhere(cmds[n].Err()) {
			go b.resend(c, cmds[n])
			continue
		}
		close(c.done)
	}
	timer.Stop()
	b.mu.Lock()
	defer b.mu.Unlock()
	back = true
	if late {
		l.late--
		b.begin(l)
		b.forget(l)
	}
	return late
}

// send runs the commands in one round trip. Their errors are theirs.
func send(ctx context.Context, server redis.UniversalClient, cmds []redis.Cmder) {
	if len(cmds) == 1 {
		_ = server.Process(ctx, cmds[0])
		return
	}
	pipe := server.Pipeline()
	if err := pipe.BatchProcess(ctx, cmds...); err != nil {
		for _, cmd := range cmds {
			cmd.SetErr(err)
		}
		return
	}
	_, _ = pipe.Exec(ctx)
}

// latest returns when the last of the callers gives up.
func latest(batch []*scriptCall) time.Time {
	var t time.Time
	for _, c := range batch {
		if c.deadline.After(t) {
			t = c.deadline
		}
	}
	return t
}

// ofCluster tells whether a line leads to one server of several.
func (b *batcher) ofCluster(l *batchLine) bool { return l.server != b.UniversalClient }

// elsewhere tells the errors of a server that another one may not have, or the
// same a moment later. Nothing was done.
func elsewhere(err error) bool {
	if err == nil {
		return false
	}
	for _, prefix := range []string{"MOVED ", "ASK ", "TRYAGAIN ", "CLUSTERDOWN "} {
		if redis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	return errors.Is(err, redis.ErrClosed) // the server has left the Cluster
}

// resend sends a call by way of the client of the whole Cluster.
func (b *batcher) resend(c *scriptCall, cmd redis.Cmder) {
	defer close(c.done)
	if c.ctx.Err() == nil {
		_ = b.Process(c.ctx, cmd) // its error is that of the call
	}
}

// forget drops a line that is idle. The caller holds the lock.
func (b *batcher) forget(l *batchLine) {
	if len(l.waiting) == 0 && l.out+l.late == 0 && b.lines[l.server] == l {
		delete(b.lines, l.server)
	}
}
