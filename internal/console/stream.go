package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/console/live"
)

const (
	streamLife   = time.Hour        // then the browser asks anew
	writeTimeout = 10 * time.Second // of one event
)

// An event is something that a live page is told. Without a name it is content, which
// the page puts into its place.
type event struct {
	name string
	id   string // is sent again when the browser asks anew
	data []byte
}

// A stream writes events.
type stream struct {
	x    *exchange
	rc   *http.ResponseController
	open bool
}

func (s *stream) begin() {
	if s.open {
		return
	}
	s.open = true
	h := s.x.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	s.x.w.WriteHeader(http.StatusOK)
}

func (s *stream) send(events ...event) error {
	s.begin()
	var b bytes.Buffer
	for _, e := range events {
		if e.id != "" {
			fmt.Fprintf(&b, "id: %s\n", e.id)
		}
		if e.name != "" {
			fmt.Fprintf(&b, "event: %s\n", e.name)
		}
		for line := range bytes.Lines(withoutReturns(e.data)) {
			b.WriteString("data: ")
			b.Write(bytes.TrimRight(line, "\n"))
			b.WriteByte('\n')
		}
		if len(e.data) == 0 {
			b.WriteString("data:\n")
		}
		b.WriteByte('\n')
	}
	if len(events) == 0 {
		b.WriteString(":\n\n") // a comment
	}
	_ = s.rc.SetWriteDeadline(time.Now().Add(writeTimeout)) // not on a network that has none
	if _, err := s.x.w.Write(b.Bytes()); err != nil {
		return err
	}
	return s.rc.Flush()
}

// withoutReturns returns data whose lines end at line feeds alone. For browsers a line of
// a stream ends at a carriage return, too: with some in a name, somebody could end an
// event and begin another.
func withoutReturns(data []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// watch answers with a stream of what tell makes of the states of a topic, until the
// browser leaves or the session ends. A topic belongs to an account, and to a page with
// its parameters.
func (c *Console) watch(x *exchange, topic string, read live.Read, tell func(live.State) ([]event, error)) error {
	ctx, cancel := context.WithDeadline(x.r.Context(), minTime(time.Now().Add(streamLife), x.session.until))
	defer cancel()
	s := &stream{x: x, rc: http.NewResponseController(x.w)}
	_ = s.rc.SetReadDeadline(time.Time{}) // nothing more is read
	err := c.hub.Watch(ctx, x.account.ID+" "+topic, read, func(state live.State) error {
		events, err := tell(state)
		if err != nil || len(events) == 0 && s.open {
			return err
		}
		return s.send(events...)
	}, func() error {
		if _, err := c.session(x.r); errors.Is(err, errSignedOut) {
			return err
		}
		return s.send()
	})
	switch {
	case s.open || ctx.Err() != nil:
		return nil // the answer has begun, or nobody is there
	case errors.Is(err, live.ErrBusy):
		return refuse(http.StatusServiceUnavailable, "As many pages are watched as this process takes.")
	case errors.Is(err, live.ErrEnd):
		return refuse(http.StatusNotFound, "There is nothing more to watch.")
	}
	return err
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// follow answers with a stream of the part "live" of a page, whenever it has changed.
// The page is the same for all who may see it.
func (c *Console) follow(x *exchange, name string, read func(ctx context.Context) (any, error)) error {
	return c.followAs(x, x.r.URL.Path+"?"+x.r.URL.Query().Encode(), name, read)
}

// followAs does the same for a topic that the address alone does not tell.
func (c *Console) followAs(x *exchange, topic, name string, read func(ctx context.Context) (any, error)) error {
	account := x.account.ID
	reading := func(ctx context.Context) (live.State, error) {
		data, err := read(ctx)
		if err != nil {
			if refusalOf(err) == errNothing {
				err = errors.Join(err, live.ErrEnd)
			}
			return live.State{}, err
		}
		html, err := c.fragment(account, name, "live", data)
		if err != nil {
			return live.State{}, errors.Join(err, live.ErrEnd)
		}
		sum := sha256.Sum256(html)
		return live.State{Version: hex.EncodeToString(sum[:16]), Data: html}, nil
	}
	return c.watch(x, topic, reading, func(s live.State) ([]event, error) {
		html, _ := s.Data.([]byte)
		return []event{{data: html}}, nil
	})
}
