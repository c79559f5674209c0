package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// connections is how many callers of the HTTP API there are. Each has one
// request under way at a time.
const connections = 64

// A call is a request and what to do with the body of its answer.
type call struct {
	request []byte
	answer  func(body []byte) error // may be nil
}

// request returns an HTTP request as it goes over the wire.
func request(method, path, token string, body []byte) []byte {
	return fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", method, path, token, len(body), body)
}

// load sends the calls of each connection one after the other, and returns how
// long each took. It is written by hand because net/http's client would use as
// much of the processor as the server that is measured.
func load(ctx context.Context, addr string, calls [][]call) ([]time.Duration, error) {
	took := make([][]time.Duration, len(calls))
	g, ctx := errgroup.WithContext(ctx)
	for c := range calls {
		g.Go(func() (err error) {
			took[c], err = converse(ctx, addr, calls[c])
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var all []time.Duration
	for _, t := range took {
		all = append(all, t...)
	}
	return all, nil
}

// converse makes calls over one connection.
func converse(ctx context.Context, addr string, calls []call) ([]time.Duration, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()                                          //nolint:errcheck // what was sent has been answered
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends the read below
	defer stop()
	answers := bufio.NewReader(conn)
	took := make([]time.Duration, 0, len(calls))
	var body []byte
	for _, c := range calls {
		began := time.Now()
		if _, err := conn.Write(c.request); err != nil {
			return nil, fmt.Errorf("send a request: %w", err)
		}
		var status int
		if status, body, err = readAnswer(answers, body[:0]); err != nil {
			return nil, fmt.Errorf("read the answer to a request: %w", err)
		}
		took = append(took, time.Since(began))
		if status != http.StatusCreated {
			return nil, fmt.Errorf("a request was answered %d: %s", status, body)
		}
		if c.answer == nil {
			continue
		}
		if err := c.answer(body); err != nil {
			return nil, fmt.Errorf("read the answer %q: %w", body, err)
		}
	}
	return took, nil
}

// readAnswer reads an answer that says how long its body is, which it appends
// to buf.
func readAnswer(r *bufio.Reader, buf []byte) (status int, body []byte, err error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if _, err := fmt.Sscanf(string(line), "HTTP/1.1 %d", &status); err != nil {
		return 0, nil, fmt.Errorf("read the status in %q: %w", line, err)
	}
	length := 0
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return status, nil, err
		}
		name, value, _ := strings.Cut(strings.TrimSpace(string(line)), ":")
		if name == "" {
			break
		}
		if strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return status, nil, fmt.Errorf("read the length of the body: %w", err)
			}
		}
	}
	body = append(buf, make([]byte, length)...)
	_, err = io.ReadFull(r, body[len(buf):])
	return status, body, err
}
