package webhook

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// An ending is what a rawReceiver does once it has written its answer.
type ending string

const (
	closes ending = "closes the connection"
	hangs  ending = "says nothing more"
	drips  ending = "writes a byte now and then"
	floods ending = "writes for ever"
)

// A rawReceiver answers whatever it is asked with the same bytes, be they HTTP
// or not.
type rawReceiver struct {
	url      string
	requests atomic.Int64

	answer string
	then   ending
	more   string // what it drips or floods
}

func newRawReceiver(t *testing.T, answer string, then ending, more string) *rawReceiver {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &rawReceiver{url: "http://" + listener.Addr().String(), answer: answer, then: then, more: more}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { r.serve(ctx, conn) })
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = listener.Close()
		wg.Wait()
	})
	return r
}

func (r *rawReceiver) serve(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	in := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		r.requests.Add(1)
		_, _ = io.Copy(io.Discard, req.Body)
		answer := strings.ReplaceAll(r.answer, "{self}", r.url)
		if _, err := io.WriteString(conn, answer); err != nil || r.then == closes {
			return
		}
		for r.then == floods || r.then == drips {
			if r.then == drips {
				time.Sleep(20 * time.Millisecond)
			}
			if _, err := io.WriteString(conn, r.more); err != nil {
				return
			}
		}
	}
}

// countReads makes s count the bytes that it reads.
func countReads(s *Sender) *atomic.Int64 {
	read := new(atomic.Int64)
	dial := s.transport.DialContext
	s.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return countingConn{conn, read}, nil
	}
	return read
}

type countingConn struct {
	net.Conn
	read *atomic.Int64
}

func (c countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}
