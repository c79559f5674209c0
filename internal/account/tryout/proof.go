package tryout

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// proofPath is where a worker proves that it is the one of a [State]. It is no
// part of the API.
const proofPath = "/.well-known/turnwise-worker"

const (
	proofTime  = 5 * time.Second // for the answer
	maxNonce   = 128             // characters
	proofBytes = 4 << 10         // of the answer, its header included
)

// ErrNotProven reports that what answers at an address is not the worker whose
// state was read, so that no secret may go there.
var ErrNotProven = errors.New("what answers at the worker's address is not that worker")

// NewProof returns a key for [State.Proof]. A worker makes one at each start, so
// that no other process, be it an earlier one, can pass for it.
func NewProof() string { return rand.Text() }

// proof returns what the worker with the key answers to the nonce at its own
// address. The address keeps another listener from passing the question on.
func proof(key, nonce, address string) string {
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "turnwise worker\n%s\n%s", nonce, address)
	return hex.EncodeToString(mac.Sum(nil))
}

// Answer returns a handler that answers the question of a [Prover], and leaves
// all else to next.
func Answer(key string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := r.URL.Query().Get("nonce")
		address, known := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if r.URL.Path != proofPath || r.Method != http.MethodGet || nonce == "" || len(nonce) > maxNonce || !known {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = io.WriteString(w, proof(key, nonce, address.String())) // a caller that is gone needs no answer
	})
}

// A Prover opens connections to the worker with the key, and to nobody else:
// each one is asked for a proof before anything is sent over it.
type Prover struct{ Key string }

// DialContext connects to an address. The error is [ErrNotProven] if somebody
// else listens there.
func (p Prover) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	defer stop()
	if err := p.prove(conn); err != nil {
		_ = conn.Close() // nothing of worth was sent
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: %w (%w); start the worker again, or name another API with --api", address, ErrNotProven, err)
	}
	return conn, nil
}

// prove asks who is at the other end.
func (p Prover) prove(conn net.Conn) error {
	if p.Key == "" {
		return errors.New("it left no key to prove itself with")
	}
	nonce := rand.Text()
	if err := conn.SetDeadline(time.Now().Add(proofTime)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "GET %s?nonce=%s HTTP/1.1\r\nHost: %s\r\n\r\n", proofPath, nonce, conn.RemoteAddr()); err != nil {
		return err
	}
	answers := bufio.NewReader(io.LimitReader(conn, proofBytes))
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end
	body, err := io.ReadAll(resp.Body)
	switch want := proof(p.Key, nonce, conn.RemoteAddr().String()); {
	case err != nil:
		return err
	case resp.StatusCode != http.StatusOK || !hmac.Equal(body, []byte(want)) || answers.Buffered() > 0:
		return errors.New("it did not prove itself")
	}
	return conn.SetDeadline(time.Time{})
}
