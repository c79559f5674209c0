package samples

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	secret = "whsec_YW4gZXhhbXBsZSBzZWNyZXQgZm9yIHRoZSBkb2NzLi4="
	other  = "whsec_YW5vdGhlciBleGFtcGxlIHNlY3JldCBmb3IgdGhlbS4="

	flood      = 300 << 20        // bytes that one attack sends, if it is let
	mostMemory = 256              // MB that a receiver may take
	longest    = 25 * time.Second // that it may bear with a slow request
)

// A request is what is sent to a receiver: an event, signed, but for what the
// fields say.
type request struct {
	name   string
	body   string        // the event if empty
	fill   int           // bytes sent in place of it
	length string        // Content-Length; the true one if empty, "none" for none
	chunks bool          // it is sent in chunks, without an end if it is filled
	slow   bool          // from the place of the body on, or of the header
	age    time.Duration // of the timestamp
	key    string        // what it is signed with
	header [][2]string   // replace those of the event; without a value they are left out
	closes bool          // the end of the connection is as good as an answer
}

var attacks = []request{
	{name: "Content-Length -1", length: "-1", fill: flood, closes: true},
	{name: "Content-Length -2", length: "-2"},
	{name: "Content-Length +5", length: "+5"},
	{name: "Content-Length of no number", length: "a few"},
	{name: "Content-Length in hexadecimal", length: "0x10"},
	{name: "Content-Length in other digits", length: "²"},
	{name: "Content-Length twice", length: "200, 200"},
	{name: "Content-Length beyond 64 bits", length: "36893488147419103232", fill: flood, closes: true},
	{name: "Content-Length of 5,000 digits", length: strings.Repeat("9", 5000), closes: true},
	{name: "Content-Length of a terabyte", length: "1099511627776", fill: flood, closes: true},
	{name: "Content-Length beyond what comes", length: "60000", fill: 100, closes: true},
	{name: "no Content-Length", length: "none"},
	{name: "empty", length: "0"},
	{name: "1 MB", fill: 1 << 20, closes: true},
	{name: "chunks without end", chunks: true, fill: flood, closes: true},
	{name: "slow body", length: "60000", fill: 60000, slow: true, closes: true},
	{name: "slow chunks", chunks: true, fill: 60000, slow: true, closes: true},
	{name: "slow header", header: [][2]string{{"X-Slow", strings.Repeat("a", 60000)}}, slow: true, closes: true},
	{name: "another secret", key: other},
	{name: "an old request again", age: 10 * time.Minute},
	{name: "from the future", age: -10 * time.Minute},
	{name: "no id", header: [][2]string{{"Webhook-Id", ""}}},
	{name: "no timestamp", header: [][2]string{{"Webhook-Timestamp", ""}}},
	{name: "no signature", header: [][2]string{{"Webhook-Signature", ""}}},
	{name: "none of them", header: [][2]string{{"Webhook-Id", ""}, {"Webhook-Timestamp", ""}, {"Webhook-Signature", ""}}},
	{name: "timestamp of no number", header: [][2]string{{"Webhook-Timestamp", "now"}}},
	{name: "timestamp NaN", header: [][2]string{{"Webhook-Timestamp", "NaN"}}},
	{name: "timestamp of 5,000 digits", header: [][2]string{{"Webhook-Timestamp", strings.Repeat("9", 5000)}}},
	{name: "timestamp in other digits", header: [][2]string{{"Webhook-Timestamp", "²"}}},
	{name: "half a signature", header: [][2]string{{"Webhook-Signature", "v1,"}}},
	{name: "commas", header: [][2]string{{"Webhook-Signature", ",,,, , ,v1"}}},
	{name: "signature not ASCII", header: [][2]string{{"Webhook-Signature", "v1,é\xff\xfe"}}},
	{name: "id not ASCII", header: [][2]string{{"Webhook-Id", "é\xff"}}},
	{name: "1,000 signatures", header: [][2]string{{"Webhook-Signature", strings.Repeat("v1,he5Cz0mlv2+rESwNXTn/zXPUJ7NatXTbxn99kj0Uy94= ", 1000)}}},
}

// undecodable are signed by whoever has the secret, and are no events.
var undecodable = []request{
	{name: "not JSON", body: "hello"},
	{name: "not UTF-8", body: "\"\xff"},
}

// taken are requests that must be taken.
var taken = []request{
	{name: "an event"},
	{name: "the same again"},
	{name: "signed twice", header: [][2]string{{"Webhook-Signature", "v1,he5Cz0mlv2+rESwNXTn/zXPUJ7NatXTbxn99kj0Uy94= %s"}}},
	{name: "with a signature of another kind", header: [][2]string{{"Webhook-Signature", "v2,abc v1a,def %s v1,é"}}},
}

// TestReceiversUnderAttack sends each receiver of the documents what nobody
// should, and checks that it says so, stays small, and goes on.
func TestReceiversUnderAttack(t *testing.T) {
	t.Parallel()

	for _, p := range programs {
		if p.path == "" {
			continue
		}
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()

			r := p.run(t, secret)
			r.take(t)
			bad := attacks
			if p.decodes {
				bad = slices.Concat(attacks, undecodable)
			}
			var slow sync.WaitGroup
			for _, a := range bad {
				if !a.slow {
					r.refuse(a)
					continue
				}
				for range 20 {
					slow.Go(func() { r.refuse(a) })
				}
			}
			r.take(t) // while there are slow ones
			slow.Wait()
			r.take(t)
			if got := r.memory(); got > mostMemory {
				t.Errorf("it took %d MB, want %d at most", got, mostMemory)
			}
			if r.ended() {
				t.Error("it has ended")
			}
			if t.Failed() {
				said := r.said.String()
				t.Logf("what it said:\n%s", said[max(0, len(said)-4000):])
			}
		})
	}
}

// take checks that the receiver takes what it must.
func (r *receiver) take(t *testing.T) {
	t.Helper()
	for _, q := range taken {
		if status, err := r.post(q); err != nil || status/100 != 2 {
			t.Errorf("%s: answered %d, and %v, want 2xx", q.name, status, err)
		}
	}
}

// refuse checks that the receiver does not take a request.
func (r *receiver) refuse(q request) {
	began := time.Now()
	status, err := r.post(q)
	took := time.Since(began)
	if refused := err == nil && status/100 == 4; !refused && (!q.closes || err == nil) || took > longest {
		r.t.Errorf("%s: answered %d, and %v, after %v, want 4xx", q.name, status, err, took)
	}
}

const event = `{"jobId":"%[1]s","id":"%[1]s","conversationId":"7182718916282163","status":"scheduled","sequence":1,"occurredAt":"2026-11-23T02:02:17.808Z"}`

// head returns the first line and the header of a request, and its body.
func (r *receiver) head(q request) (head, body string) {
	const id = "6fa9bc98-5f9c-400f-8f84-30f0a5f37dde"
	body = cmp.Or(q.body, fmt.Sprintf(event, id))
	if q.fill > 0 && q.fill < flood {
		body = strings.Repeat("a", q.fill)
	}
	sent := time.Now().Add(-q.age)
	hook, err := standardwebhooks.NewWebhook(cmp.Or(q.key, secret))
	if err != nil {
		r.t.Fatal(err)
	}
	signature, err := hook.Sign(id+"_1_44b9b455", sent, []byte(body))
	if err != nil {
		r.t.Fatal(err)
	}
	header := [][2]string{
		{"Host", r.addr},
		{"Content-Type", "application/json"},
		{"Connection", "close"},
		{"Webhook-Id", id + "_1_44b9b455"},
		{"Webhook-Timestamp", strconv.FormatInt(sent.Unix(), 10)},
		{"Webhook-Signature", signature},
	}
	switch {
	case q.chunks:
		header = append(header, [2]string{"Transfer-Encoding", "chunked"})
	case q.length != "none":
		header = append(header, [2]string{"Content-Length", cmp.Or(q.length, strconv.Itoa(len(body)))})
	default:
		body = ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "POST %s HTTP/1.1\r\n", r.path)
	for _, h := range header {
		for _, other := range q.header {
			if other[0] == h[0] {
				h[1] = strings.Replace(other[1], "%s", signature, 1)
			}
		}
		if h[1] != "" {
			fmt.Fprintf(&text, "%s: %s\r\n", h[0], h[1])
		}
	}
	for _, h := range q.header {
		if !strings.HasPrefix(h[0], "Webhook-") {
			fmt.Fprintf(&text, "%s: %s\r\n", h[0], h[1])
		}
	}
	return text.String() + "\r\n", body
}

// post sends a request, reads the answer while it does, and returns its
// status. The error is that of a connection that ended without an answer.
func (r *receiver) post(q request) (status int, err error) {
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(waitLimit)); err != nil {
		return 0, err
	}
	head, body := r.head(q)
	var sending sync.WaitGroup
	sending.Go(func() { send(conn, q, head, body) })
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		status = answer.StatusCode
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	}
	_ = conn.Close()
	sending.Wait()
	return status, err
}

// send sends as much of a request as the receiver takes.
func send(conn net.Conn, q request, head, body string) {
	switch {
	case q.slow && len(q.header) > 0:
		drip(conn, head)
	case q.slow && q.chunks:
		_, _ = io.WriteString(conn, head)
		drip(conn, strings.Repeat("1\r\na\r\n", q.fill))
	case q.slow:
		_, _ = io.WriteString(conn, head)
		drip(conn, body)
	case q.fill < flood:
		_, err := io.WriteString(conn, head+body)
		if err == nil && q.length != "" && q.closes { // what more is said to come does not
			err = conn.(*net.TCPConn).CloseWrite()
		}
		_ = err
	default:
		piece := strings.Repeat("a", 64<<10)
		if q.chunks {
			piece = fmt.Sprintf("%x\r\n%s\r\n", len(piece), piece)
		}
		_, err := io.WriteString(conn, head)
		for sent := 0; sent < q.fill && err == nil; sent += len(piece) {
			_, err = io.WriteString(conn, piece)
		}
		if !errors.Is(err, net.ErrClosed) {
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}
}

// drip sends a byte from time to time.
func drip(conn net.Conn, text string) {
	for i := range len(text) {
		if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
			return
		}
		time.Sleep(300 * time.Millisecond)
	}
}
