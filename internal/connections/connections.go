// Package connections bounds how many connections an [http.Server] has, and
// whom they are taken from when there are too many.
//
// A connection is of a stranger until [Known] is called for a request on it.
// A stranger may be idle for a short time only. Where a connection too many
// comes in, the one that does least is closed for it:
//
//	a stranger's that waits for a request to arrive, the longest first
//	that of a known caller that waits for one, the longest first
//	the new one, which is told to come again
//
// So nobody who only opens connections keeps others from theirs.
package connections

import (
	"container/list"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options adjusts a [Limit].
type Options struct {
	Most int           // connections at once; no bound if 0
	Idle time.Duration // for which a stranger's may wait for a request; as long as the server allows if 0
	Log  *slog.Logger  // discarded if nil
}

// A Limit bounds the connections of one server.
type Limit struct {
	opts Options

	mu      sync.Mutex
	open    map[net.Conn]*connection
	waiting [queues]list.List // of *connection, in the order of closing
	told    time.Time         // when the last refusal was logged
	refused int               // since then
}

// queue says what a connection waits for.
type queue int

const (
	strange queue = iota // for a stranger's request, or the rest of its header
	trusted              // for that of a known caller
	queues
	busy queue = -1 // for nothing: a request is being answered
)

// A connection is one of a server.
type connection struct {
	conn  net.Conn
	limit *Limit
	known bool
	in    queue
	place *list.Element // in that queue
	idle  *time.Timer   // closes it; nil unless it is a stranger's that waits
}

// logInterval is the time between lines of the log about refusals.
const logInterval = time.Minute

// Bound has a server keep to the options.
func Bound(s *http.Server, opts Options) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	l := &Limit{opts: opts, open: map[net.Conn]*connection{}}
	s.ConnContext = l.add
	s.ConnState = l.changed
}

type key struct{}

// Known says that the caller of a request has shown who it is.
func Known(ctx context.Context) {
	if c, ok := ctx.Value(key{}).(*connection); ok {
		c.limit.mu.Lock()
		defer c.limit.mu.Unlock()
		c.known = true
	}
}

// add takes a new connection in, and makes room for it.
func (l *Limit) add(ctx context.Context, conn net.Conn) context.Context {
	c := &connection{conn: conn, limit: l, in: busy}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opts.Most > 0 && len(l.open) >= l.opts.Most && !l.makeRoom() {
		l.refuse(ctx, conn)
		return ctx
	}
	l.open[conn] = c
	c.wait(strange)
	return context.WithValue(ctx, key{}, c)
}

// makeRoom closes the connection that does least. The caller holds the lock.
func (l *Limit) makeRoom() bool {
	for q := range l.waiting {
		if first := l.waiting[q].Front(); first != nil {
			c := first.Value.(*connection)
			c.leave()
			delete(l.open, c.conn)
			_ = c.conn.Close() // it is closed for another
			return true
		}
	}
	return false
}

const refusal = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n" +
	"Content-Type: application/json; charset=utf-8\r\nContent-Length: 114\r\n\r\n" +
	`{"statusCode":503,"message":"The service has as many connections as it takes. Send the request again in a while."}`

// refuse tells whoever has opened a connection too many. The caller holds the
// lock.
func (l *Limit) refuse(ctx context.Context, conn net.Conn) {
	l.refused++
	if now := time.Now(); l.told.IsZero() || now.Sub(l.told) >= logInterval {
		l.opts.Log.WarnContext(ctx, "connections were refused, all are busy", slog.Int("refused", l.refused), slog.Int("most", l.opts.Most))
		l.told, l.refused = now, 0
	}
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = io.WriteString(conn, refusal) // it fits into the buffer of the connection
	_ = conn.Close()
}

// changed follows what becomes of a connection.
func (l *Limit) changed(conn net.Conn, state http.ConnState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, open := l.open[conn]
	if !open {
		return
	}
	switch state {
	case http.StateNew: // known from add
	case http.StateActive:
		c.wait(busy)
	case http.StateIdle:
		if c.known {
			c.wait(trusted)
		} else {
			c.wait(strange)
		}
	case http.StateHijacked, http.StateClosed:
		c.leave()
		delete(l.open, conn)
	}
}

// wait puts a connection at the end of a queue. The caller holds the lock.
func (c *connection) wait(in queue) {
	c.leave()
	c.in = in
	if in == busy {
		return
	}
	c.place = c.limit.waiting[in].PushBack(c)
	if idle := c.limit.opts.Idle; in == strange && idle > 0 {
		c.idle = time.AfterFunc(idle, c.giveUp)
	}
}

// giveUp closes a connection on which no request has come, unless one just did.
func (c *connection) giveUp() {
	c.limit.mu.Lock()
	defer c.limit.mu.Unlock()
	if c.in == strange && c.place != nil {
		_ = c.conn.Close()
	}
}

// leave takes a connection out of its queue. The caller holds the lock.
func (c *connection) leave() {
	if c.idle != nil {
		c.idle.Stop()
		c.idle = nil
	}
	if c.place != nil {
		c.limit.waiting[c.in].Remove(c.place)
		c.place = nil
	}
}
