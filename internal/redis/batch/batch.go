// Package batch sends scripts to Redis that are called at the same moment in
// one round trip. It knows nothing of what the scripts do.
package batch

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
	maxCalls    = 100                   // calls in one
	maxOnTime   = 4                     // under way to one server before further calls wait and gather
	lateAfter   = 50 * time.Millisecond // one that takes longer is late, and no longer counts among those
	maxUnderWay = 32                    // under way to one server, late ones too
)

// A Scripter is a [redis.Scripter] for many callers at once. Calls made at the
// same moment travel in one round trip. Each is still a command of its own with
// its own reply, so a script that Redis does not know is loaded and sent again
// without the others. A lone call is not delayed.
//
// A call returns when its own context ends, whatever its batch waits for. It is
// unknown then whether the call took effect. A call whose context ends before
// its batch begins is not sent. A call without a deadline has the read timeout
// of the client.
//
// On a Cluster each master has batches of its own, so a master that does not
// answer holds up no call to another one. A call that a master refuses, because
// the slot has moved or is about to, is sent again alone through the client of
// the whole Cluster.
type Scripter struct {
	redis.UniversalClient // for what is no call of a script

	timeout time.Duration // of a call without a deadline
	timers  sync.Pool     // of such calls

	mu     sync.Mutex
	queues map[redis.UniversalClient]*queue // by server; none for one that is idle
}

// A queue holds the calls to one server.
type queue struct {
	server  redis.UniversalClient
	waiting []*call
	out     int // batches under way that are not late
	late    int // and those that are
}

// A call is one call of a script on its way.
type call struct {
	ctx      context.Context //nolint:containedctx // that of the caller, who waits; a batch carries several
	deadline time.Time       // that of ctx, or the client's
	cmd      *redis.Cmd      // nil once the caller has left
	done     chan struct{}   // closed when cmd has its reply
}

// New returns a Scripter on rdb.
func New(rdb redis.UniversalClient) *Scripter {
	s := &Scripter{UniversalClient: rdb, timeout: 2 * time.Second, queues: make(map[redis.UniversalClient]*queue)}
	switch c := rdb.(type) {
	case *redis.Client:
		s.timeout = c.Options().ReadTimeout
	case *redis.ClusterClient:
		s.timeout = c.Options().ReadTimeout
	}
	return s
}

// EvalSha implements [redis.Scripter].
func (s *Scripter) EvalSha(ctx context.Context, sha1 string, keys []string, args ...any) *redis.Cmd {
	return s.call(ctx, "evalsha", sha1, keys, args)
}

// Eval implements [redis.Scripter].
func (s *Scripter) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	return s.call(ctx, "eval", script, keys, args)
}

// call sends one call and waits for its reply or the end of its time.
func (s *Scripter) call(ctx context.Context, name, script string, keys []string, args []any) *redis.Cmd {
	cmd := scriptCmd(ctx, name, script, keys, args)
	server, err := s.serverOf(ctx, keys)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		cmd.SetErr(err)
		return cmd
	}
	c := &call{ctx: ctx, cmd: cmd, done: make(chan struct{})}
	var expired <-chan time.Time
	deadline, limited := ctx.Deadline()
	if c.deadline = deadline; !limited {
		c.deadline = time.Now().Add(s.timeout)
		timer := s.timer()
		defer s.timers.Put(timer)
		defer timer.Stop()
		expired = timer.C
	}
	s.put(server, c)
	select {
	case <-c.done:
		return cmd
	case <-ctx.Done():
		err = ctx.Err()
	case <-expired:
		err = context.DeadlineExceeded
	}
	s.leave(c)
	ended := redis.NewCmd(ctx, name) // not cmd, which the batch may be about to fill
	ended.SetErr(err)
	return ended
}

// timer returns one that goes off after the client's timeout.
func (s *Scripter) timer() *time.Timer {
	if t, ok := s.timers.Get().(*time.Timer); ok {
		t.Reset(s.timeout)
		return t
	}
	return time.NewTimer(s.timeout)
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
func (s *Scripter) serverOf(ctx context.Context, keys []string) (redis.UniversalClient, error) {
	cluster, ok := s.UniversalClient.(*redis.ClusterClient)
	if !ok || len(keys) == 0 {
		return s.UniversalClient, nil
	}
	return cluster.MasterForKey(ctx, keys[0])
}

// put queues a call, and sends it at once unless enough batches are under way.
func (s *Scripter) put(server redis.UniversalClient, c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[server]
	if q == nil {
		q = &queue{server: server}
		s.queues[server] = q
	}
	q.waiting = append(q.waiting, c)
	s.begin(q)
}

// begin sends another batch if there is room. The caller holds the lock.
func (s *Scripter) begin(q *queue) {
	if len(q.waiting) > 0 && q.out < maxOnTime && q.out+q.late < maxUnderWay {
		q.out++
		go s.work(q)
	}
}

// leave withdraws a call that was not sent yet.
func (s *Scripter) leave(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.cmd = nil
}

// work sends batches until no call waits, or one of them was late.
func (s *Scripter) work(q *queue) {
	for {
		s.mu.Lock()
		batch, cmds := q.take()
		if len(batch) == 0 {
			q.out--
			s.forget(q)
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if s.exchange(q, batch, cmds) {
			return
		}
	}
}

// take returns the calls of the next batch, without those that nobody waits
// for any more.
func (q *queue) take() (batch []*call, cmds []redis.Cmder) {
	most := min(len(q.waiting), maxCalls)
	if most == 0 {
		return nil, nil
	}
	batch, cmds = make([]*call, 0, most), make([]redis.Cmder, 0, most)
	n := 0
	for ; n < len(q.waiting) && len(batch) < maxCalls; n++ {
		c := q.waiting[n]
		if c.cmd == nil || c.ctx.Err() != nil {
			continue
		}
		batch, cmds = append(batch, c), append(cmds, c.cmd)
	}
	q.waiting = slices.Delete(q.waiting, 0, n)
	return batch, cmds
}

// exchange sends a batch and gives each call its reply. It reports whether the
// batch was late, and so no longer has a place among those that count.
func (s *Scripter) exchange(q *queue, batch []*call, cmds []redis.Cmder) (late bool) {
	ctx, cancel := context.WithDeadline(context.Background(), latest(batch))
	defer cancel()
	var back bool // guarded by s.mu, as is late
	timer := time.AfterFunc(lateAfter, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !back {
			late = true
			q.out--
			q.late++
			s.begin(q)
		}
	})
	send(ctx, q.server, cmds)
	for n, c := range batch {
		if s.ofCluster(q) && elsewhere(cmds[n].Err()) {
			go s.resend(c, cmds[n])
			continue
		}
		close(c.done)
	}
	timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	back = true
	if late {
		q.late--
		s.begin(q)
		s.forget(q)
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

// latest returns the last deadline of the calls.
func latest(batch []*call) time.Time {
	var t time.Time
	for _, c := range batch {
		if c.deadline.After(t) {
			t = c.deadline
		}
	}
	return t
}

// ofCluster reports whether a queue is that of one master of several.
func (s *Scripter) ofCluster(q *queue) bool { return q.server != s.UniversalClient }

// elsewhere reports whether a server refused a call, without any effect, that
// another server may accept, or the same one a moment later.
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
func (s *Scripter) resend(c *call, cmd redis.Cmder) {
	defer close(c.done)
	if c.ctx.Err() == nil {
		_ = s.Process(c.ctx, cmd) // its error is that of the call
	}
}

// forget drops a queue that is idle. The caller holds the lock.
func (s *Scripter) forget(q *queue) {
	if len(q.waiting) == 0 && q.out+q.late == 0 && s.queues[q.server] == q {
		delete(s.queues, q.server)
	}
}
